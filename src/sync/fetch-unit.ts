/** Fetches one unit until it is whole: an answer that was cut off is split by partition, or paged as a last resort. */
import { askedFields, type TableDataset } from '../datasets/dataset.ts';
import { TaskError } from '../errors.ts';
import type { RunContext, TushareAnswer } from './context.ts';
import { callParams, type Unit } from './plan.ts';
import { addAnswer, emptyRows, type Rows } from './rows.ts';

/** The server refuses offsets past 100,000 (protocol notes § 1.3). */
const MAX_PAGED_ROWS = 100_000;
/** Readings of a paged partition whose pages overlapped before it is given up. */
const MAX_READINGS = 3;
/** Caps have been 4,000, 5,000, 6,000 over the years, always a multiple of this, and not always announced. */
const CAP_MULTIPLE = 1000;

export interface FetchedUnit {
  /** Position in the plan. */
  index: number;
  unit: Unit;
  columns: string[];
  /** COPY text, every line with its end. */
  text: string;
  rows: number;
  /** Rows by partition, in the order of unit.partitions. */
  fetched: number[];
}

/**
 * Fetches a unit with one call, or with as many as it takes.
 * @throws TaskError (see rows.ts and the call's own), WindowClosed.
 */
export async function fetchUnit(
  call: RunContext['call'],
  dataset: TableDataset,
  unit: Unit,
  index: number,
): Promise<FetchedUnit> {
  const fields = askedFields(dataset);
  const ask = (params: Record<string, string>) => call(dataset.api_name, params, fields);
  const rows = emptyRows(dataset, unit.partitions);
  await fetchPartitions(ask, dataset, unit.partitions, rows);
  const lines = [...rows.lines.values()];
  return {
    index,
    unit,
    columns: rows.columns,
    text: lines.length ? `${lines.join('\n')}\n` : '',
    rows: lines.length,
    fetched: unit.partitions.map((partition) => rows.counts.get(partition) ?? 0),
  };
}

type Ask = (params: Record<string, string>) => Promise<TushareAnswer>;

async function fetchPartitions(
  ask: Ask,
  dataset: TableDataset,
  partitions: readonly string[],
  rows: Rows,
): Promise<void> {
  const answer = await ask(callParams(dataset, partitions));
  if (!isCutOff(answer, dataset)) {
    addAnswer(dataset, rows, answer);
  } else if (partitions.length > 1) {
    const middle = Math.ceil(partitions.length / 2);
    await fetchPartitions(ask, dataset, partitions.slice(0, middle), rows);
    await fetchPartitions(ask, dataset, partitions.slice(middle), rows);
  } else {
    await readPages(ask, dataset, partitions, answer, rows);
  }
}

/** Whether rows may be missing behind the answer: it says so, or its length is one that a cap would give it. */
export function isCutOff(answer: TushareAnswer, dataset: TableDataset): boolean {
  const rows = answer.items.length;
  return answer.has_more || rows >= dataset.row_cap || (rows > 0 && rows % CAP_MULTIPLE === 0);
}

/**
 * Reads one partition page by page. Pages that overlap mean that the server's order moved between them, so rows
 * may have slipped through (#1582): then it is read again until a reading brings nothing new.
 */
async function readPages(
  ask: Ask,
  dataset: TableDataset,
  partitions: readonly string[],
  firstPage: TushareAnswer,
  rows: Rows,
): Promise<void> {
  for (let reading = 1; reading <= MAX_READINGS; reading++) {
    const before = rows.lines.size;
    const overlapped = await readOnce(ask, dataset, partitions, reading === 1 ? firstPage : null, rows);
    const grew = rows.lines.size > before;
    if (reading === 1 ? !overlapped : !grew) return;
  }
  throw new TaskError(
    'data_rejected',
    `${dataset.name} ${partitions[0]}: pages overlap and every reading brings new rows; the next attempt asks again`,
  );
}

async function readOnce(
  ask: Ask,
  dataset: TableDataset,
  partitions: readonly string[],
  firstPage: TushareAnswer | null,
  rows: Rows,
): Promise<boolean> {
  const params = callParams(dataset, partitions);
  const seen = new Set<string>();
  let page = firstPage ?? (await ask({ ...params, limit: String(dataset.row_cap), offset: '0' }));
  let overlapped = false;
  for (let offset = page.items.length; ; offset += page.items.length) {
    overlapped = noteRows(dataset, page, seen) || overlapped;
    addAnswer(dataset, rows, page);
    if (!isCutOff(page, dataset) || page.items.length === 0) return overlapped;
    if (offset > MAX_PAGED_ROWS)
      throw new TaskError('data_rejected', `${dataset.name} ${partitions[0]}: more rows than can be paged`);
    page = await ask({ ...params, limit: String(dataset.row_cap), offset: String(offset) });
  }
}

/** Notes the keys of a page; whether one of them stood on an earlier page of this reading. */
function noteRows(dataset: TableDataset, page: TushareAnswer, seen: Set<string>): boolean {
  const at = dataset.key.map((name) => page.fields.indexOf(name));
  const keys = page.items.map((item) => at.map((index) => String(item[index])).join('\t'));
  const overlapped = keys.some((key) => seen.has(key));
  for (const key of keys) seen.add(key);
  return overlapped;
}
