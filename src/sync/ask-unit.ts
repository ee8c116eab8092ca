/** Asks for one unit until it is whole: an answer that was cut off is split by partition, or paged as a last resort. */
import { askedFields, type TableDataset } from '../datasets/dataset.ts';
import { addDays, daysFromTo } from '../datasets/dates.ts';
import { codesIn, type ListedCode } from './code-groups.ts';
import type { RunContext, TushareAnswer } from './context.ts';
import { hasAllListed, isCutOff, lastCodesIgnored, silentDays } from './cut-off.ts';
import { readPages } from './pages.ts';
import { partsOf } from './partition.ts';
import { callParams, partitionField, type Slice, type Unit, wayOf } from './unit.ts';

/** Parts of a partition list that was cut off are made so much smaller than its answer lets expect: days differ. */
const UNEVEN = 1.2;

/** What the calls of a unit need. */
export interface Fetching {
  call: RunContext['call'];
  /** The codes that units by groups of codes ask for, in order: those of the stock list, and others that were seen. */
  codes(dataset: TableDataset): Promise<readonly ListedCode[]>;
}

/** Where the answers of a unit go. */
export interface Answers {
  /** Takes a whole answer, or a page. @throws TaskError for one that can't be used */
  add(answer: TushareAnswer, params: Readonly<Record<string, string>>): void;
  /** Takes note of a partition that lacks rows which it should have. */
  short?(partition: string): void;
  /** Different rows so far. */
  readonly size: number;
}

/**
 * Makes the calls of a unit: one, or as many as it takes until nothing is cut off.
 * @throws TaskError (see rows.ts and the call's own), WindowClosed.
 */
export async function askUnit(
  fetching: Fetching,
  dataset: TableDataset,
  unit: Unit,
  answers: Answers,
): Promise<void> {
  const fields = askedFields(dataset);
  const asking: Asking = {
    dataset,
    unit,
    answers,
    ask: (params) => fetching.call(dataset.api_name, params, fields),
  };
  await Promise.all((await slicesOf(fetching, dataset, unit)).map((slice) => askSlice(asking, slice)));
}

/** One unit, as it is being asked for. */
export interface Asking {
  dataset: TableDataset;
  unit: Unit;
  answers: Answers;
  ask(params: Record<string, string>): Promise<TushareAnswer>;
}

/** The calls that are meant to fetch a unit: one. Of a group as many as it takes to name its codes, mostly one. */
async function slicesOf(fetching: Fetching, dataset: TableDataset, unit: Unit): Promise<Slice[]> {
  const fetch = wayOf(dataset, unit);
  const { partitions, group } = unit;
  const parts = partitions.map((partition) => partsOf(fetch, partition));
  if (!group || !('codes' in fetch) || fetch.by === 'code' || !fetch.codes)
    return [{ partitions, window: parts[0]?.window ?? undefined }];
  const days = parts.map(({ value }) => value);
  const codes = codesIn(group, await fetching.codes(dataset), days);
  const calls = Math.ceil(codes.length / fetch.codes.batch);
  return inParts(codes, calls).map((part) => ({ partitions, codes: part }));
}

/** One call; what is cut off is cut in parts: by codes, by partitions, by time, and only then read page by page. */
async function askSlice(asking: Asking, slice: Slice): Promise<void> {
  const { dataset, unit, answers } = asking;
  const params = callParams(dataset, unit, slice);
  const answer = await askFull(asking, slice, params);
  const isWhole = hasAllListed(asking, slice, answer) || !isCutOff(answer, dataset);
  if (isWhole && !lastCodesIgnored(asking, slice, answer)) {
    answers.add(answer, params);
    return;
  }
  const parts = cut(asking, slice, answer);
  if (parts === null) await readPages(asking, params, answer);
  else for (const part of parts) await askSlice(asking, part);
}

/** The answer of a call; of a group that lacks whole days, the fuller one of two. Tells days that stay without a row. */
async function askFull(
  { dataset, unit, ask, answers }: Asking,
  slice: Slice,
  params: Record<string, string>,
): Promise<TushareAnswer> {
  const answer = await ask(params);
  const silent = (of: TushareAnswer) => (of.has_more ? [] : silentDays(wayOf(dataset, unit), slice, of));
  if (silent(answer).length === 0) return answer;
  const again = await ask(params);
  const fuller = again.items.length > answer.items.length ? again : answer;
  const isWhole = hasAllListed({ dataset }, slice, fuller) || !isCutOff(fuller, dataset);
  if (isWhole) for (const day of silent(fuller)) answers.short?.(day);
  return fuller;
}

/** The parts of a slice whose answer was cut off; null: it is one partition and can't be cut. */
function cut(asking: Asking, slice: Slice, answer: TushareAnswer): Slice[] | null {
  const { codes, partitions, window } = slice;
  if (codes && codes.length > 1) return inParts(codes, 2).map((part) => ({ partitions, codes: part }));
  if (partitions.length > 1)
    return inParts(partitions, partsNeeded(asking, slice, answer)).map((part) => ({
      ...slice,
      partitions: part,
      ...(codes && { codes: codes.map((code) => ({ ...code, end: code.first })) }),
    }));
  if (window && window.first < window.last) {
    const middle = addDays(window.first, Math.floor((daysFromTo(window.first, window.last) - 1) / 2));
    return [
      { ...slice, window: { first: window.first, last: middle } },
      { ...slice, window: { first: addDays(middle, 1), last: window.last } },
    ];
  }
  return null;
}

/**
 * Cut in halves again and again, every second call would be cut off: how full partitions are tells how many parts.
 * The last partition of the answer may be there in part only, so it doesn't count beside others.
 */
function partsNeeded(
  { dataset, unit }: Asking,
  { partitions }: Slice,
  { fields, items }: TushareAnswer,
): number {
  const field = partitionField(wayOf(dataset, unit));
  const at = field === null ? -1 : fields.indexOf(field);
  if (at < 0) return 2;
  const seen = items.map((item) => item[at]);
  const others = seen.filter((value) => value !== seen.at(-1));
  const usual = others.length ? others.length / new Set(others).size : seen.length;
  return Math.min(
    partitions.length,
    Math.max(2, Math.ceil((usual * partitions.length * UNEVEN) / dataset.row_cap)),
  );
}

/** Cuts a list in so many parts of nearly the same length. */
function inParts<T>(list: readonly T[], parts: number): T[][] {
  if (list.length === 0) return [];
  const length = Math.ceil(list.length / parts);
  return Array.from({ length: Math.ceil(list.length / length) }, (_, part) =>
    list.slice(part * length, (part + 1) * length),
  );
}
