/**
 * Plans a long stretch of days by blocks, so that every call is full. A block begins with days of the whole market, and
 * its other days are fetched by groups of codes. The whole-market days come first in the plan: they find the codes that
 * no list has, which every group then asks for as well, and how many stocks are suspended (block-market.ts). Pure.
 */
import type { TableDataset } from '../datasets/dataset.ts';
import type { ByDay, DayCodes } from '../datasets/fetch-plan.ts';
import {
  byCode,
  type CodeRange,
  capacityOf,
  codeGroups,
  type ListedCode,
  type Listing,
} from './code-groups.ts';
import type { Unit } from './unit.ts';

/** Trading days of a block at most, half a year: with 45 days 0.9 % more calls are made, with 250 days 0.4 %. */
const BLOCK_DAYS = 120;

/** Days of a block: so many of the whole market at first, in one call, then so many by groups of codes. */
interface Block {
  whole: number;
  grouped: number;
}

/** How a dataset is fetched by blocks. */
export type ByBlocks = ByDay & { codes: DayCodes };

/** Whether a history is planned by blocks: the API takes codes with days, and the codes are known. */
export function hasBlocks(
  dataset: TableDataset,
  fetch: ByDay,
  listings: readonly Listing[],
): fetch is ByBlocks {
  const known = listings.some(({ ts_code }) => ts_code !== undefined);
  return fetch.ranges && !fetch.each && fetch.codes !== undefined && known && knowsListed(dataset);
}

const knowsListed = ({ expected }: TableDataset): boolean => expected?.rows === 'listed_stocks';

/**
 * @param runs days that follow each other
 * @param expected rows of a day
 */
export function planBlocks(
  dataset: TableDataset,
  fetch: ByBlocks,
  runs: readonly string[][],
  listings: readonly Listing[],
  expected: (date: string) => number | null,
  way: Pick<Unit, 'way'>,
): Unit[] {
  const cap = dataset.row_cap - 1;
  const { batch } = fetch.codes;
  const codes = byCode(listings);
  const unitOf = (days: string[]): Unit => ({ partitions: days, expected: days.map(expected), ...way });
  const whole: Unit[] = [];
  const grouped: Unit[] = [];
  for (const days of runs) {
    const rows = days.map((date) => expected(date) ?? 0);
    let at = 0;
    for (const block of cutIntoBlocks(rows, cap, batch)) {
      const first = days.slice(at, at + block.whole);
      const others = days.slice(at + block.whole, at + block.whole + block.grouped);
      at += block.whole + block.grouped;
      whole.push(unitOf(first));
      if (others.length === 0) continue;
      const between: [string, string] = [first.at(-1) as string, days[at] as string];
      const calls = codeGroups(codes, others, cap, batch).length;
      grouped.push({ ...unitOf(others), block: { calls, between } });
    }
  }
  return [...whole, ...grouped];
}

/**
 * The groups of a block, once its whole-market days are in.
 * @param codes that a group may name, in order
 * @param suspended shares of the listed stocks that had no row on these days; null: not known
 */
export function groupsOfBlock(
  { row_cap, fetch }: TableDataset,
  { partitions }: Unit,
  codes: readonly ListedCode[],
  suspended: readonly (number | null)[],
): CodeRange[] {
  const known = suspended.filter((share) => share !== null);
  const capacity = capacityOf(row_cap - 1, known.length > 0 ? Math.min(...known) : 0);
  return codeGroups(codes, partitions, capacity, (fetch as ByBlocks).codes.batch);
}

/**
 * Cuts days that follow each other into blocks, of all ways one with the fewest calls: days of 5,400 rows waste a tenth
 * of every call of 6,000, and days of 3,100 half of it. The last block has whole-market days alone, so that every
 * grouped day lies between two of them.
 * @param rows of each day, in order
 * @param cap rows of a call at most
 * @param batch codes of a call at most
 */
export function cutIntoBlocks(rows: readonly number[], cap: number, batch: number): Block[] {
  const best: { calls: number; block: Block }[] = [{ calls: 0, block: { whole: 0, grouped: 0 } }];
  const take = (end: number, calls: number, block: Block) => {
    if (calls < (best[end]?.calls ?? Number.POSITIVE_INFINITY)) best[end] = { calls, block };
  };
  for (let start = 0; start < rows.length; start++) {
    const before = best[start]?.calls as number;
    let whole = 0;
    for (let sum = 0; start + whole < rows.length; whole++) {
      sum += rows[start + whole] as number;
      if (whole > 0 && sum > cap) break;
      take(start + whole + 1, before + 1, { whole: whole + 1, grouped: 0 });
    }
    let [sum, most] = [0, 0];
    for (let days = 1; whole + days <= BLOCK_DAYS && start + whole + days < rows.length; days++) {
      const day = rows[start + whole + days - 1] as number;
      sum += day;
      most = Math.max(most, day);
      const groups = Math.max(Math.ceil(sum / (cap - (cap % days))), Math.ceil(most / batch));
      take(start + whole + days, before + 1 + groups, { whole, grouped: days });
    }
  }
  const blocks: Block[] = [];
  for (let end = rows.length; end > 0; ) {
    const { block } = best[end] as (typeof best)[number];
    blocks.unshift(block);
    end -= block.whole + block.grouped;
  }
  return blocks;
}
