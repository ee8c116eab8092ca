/** Packs partitions into units whose rows stay under the cap of one answer. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import type { Unit } from './unit.ts';

/**
 * Adds a partition to the last unit or begins a new one. An answer of exactly row_cap rows counts as cut off, so a
 * unit stays below it. Where the rows are not known (null) the usual number counts; a guess that is too low costs
 * one split.
 */
export function pack(
  units: Unit[],
  dataset: TableDataset,
  partition: string,
  expected: number | null,
  follows: boolean,
  from: Pick<Unit, 'way'> = {},
): void {
  const usual = dataset.expected?.about ?? dataset.row_cap;
  const unit = units.at(-1);
  const rows = (unit?.expected ?? []).reduce<number>(
    (sum, count) => sum + (count ?? usual),
    expected ?? usual,
  );
  if (unit && follows && rows < dataset.row_cap) {
    unit.partitions.push(partition);
    unit.expected.push(expected);
  } else units.push({ partitions: [partition], expected: [expected], ...from });
}

/**
 * Rows of one unit at most, where days are fetched by groups of codes: what bounds the memory of a run. For `daily`
 * blocks of 60,000 rows take 1.0 % more calls, of 120,000 rows 0.1 % less (npm run bench:plan).
 */
const BLOCK_ROWS = 90_000;

/**
 * Cuts days that follow each other into blocks that fill their calls: a block of so many days that the rows of its
 * calls come just under a multiple of the cap. Without it, a day of 5,400 rows wastes a tenth of every call of 6,000,
 * and days of 3,100 half of it. Of all ways to cut, one with the fewest calls.
 * @param rows of each day, in order
 * @param callsFor calls that a block takes: its rows, its days, the most rows of one of them
 * @returns for each block how many days it has and how many calls it takes
 */
export function cutIntoBlocks(
  rows: readonly number[],
  callsFor: (rows: number, days: number, most: number) => number,
): { days: number; calls: number }[] {
  const best: { calls: number; days: number; own: number }[] = [{ calls: 0, days: 0, own: 0 }];
  for (let end = 1; end <= rows.length; end++) {
    let sum = 0;
    let most = 0;
    let choice = { calls: Number.POSITIVE_INFINITY, days: 1, own: 1 };
    for (let days = 1; days <= end; days++) {
      sum += rows[end - days] as number;
      most = Math.max(most, rows[end - days] as number);
      if (days > 1 && sum > BLOCK_ROWS) break;
      const own = callsFor(sum, days, most);
      const calls = (best[end - days]?.calls ?? 0) + own;
      if (calls < choice.calls) choice = { calls, days, own };
    }
    best.push(choice);
  }
  const blocks: { days: number; calls: number }[] = [];
  for (let end = rows.length; end > 0; ) {
    const { days, own } = best[end] as (typeof best)[number];
    blocks.unshift({ days, calls: own });
    end -= days;
  }
  return blocks;
}
