/** The last resort: one partition, read page by page. */
import type { TableDataset } from '../datasets/dataset.ts';
import { TaskError } from '../errors.ts';
import type { Asking } from './ask-unit.ts';
import type { TushareAnswer } from './context.ts';
import { isCutOff } from './cut-off.ts';

/** The server refuses offsets past 100,000 (protocol notes § 1.3). */
const MAX_PAGED_ROWS = 100_000;
/** Readings of a paged partition whose pages overlapped before it is given up. */
const MAX_READINGS = 3;

/**
 * Reads one partition page by page. Pages that overlap mean that the server's order moved between them, so rows
 * may have slipped through (#1582): then it is read again until a reading brings nothing new.
 */
export async function readPages(
  asking: Asking,
  params: Record<string, string>,
  firstPage: TushareAnswer,
): Promise<void> {
  for (let reading = 1; reading <= MAX_READINGS; reading++) {
    const before = asking.answers.size;
    const overlapped = await readOnce(asking, params, reading === 1 ? firstPage : null);
    const grew = asking.answers.size > before;
    if (reading === 1 ? !overlapped : !grew) return;
  }
  throw new TaskError(
    'data_rejected',
    `${asking.dataset.name} ${asking.unit.partitions[0]}: pages overlap and every reading brings new rows; the next attempt asks again`,
  );
}

async function readOnce(
  { dataset, unit, answers, ask }: Asking,
  params: Record<string, string>,
  firstPage: TushareAnswer | null,
): Promise<boolean> {
  const seen = new Set<string>();
  const limit = String(dataset.row_cap);
  let page = firstPage ?? (await ask({ ...params, limit, offset: '0' }));
  let overlapped = false;
  for (let offset = page.items.length; ; offset += page.items.length) {
    overlapped = noteRows(dataset, page, seen) || overlapped;
    answers.add(page, params);
    if (!isCutOff(page, dataset) || page.items.length === 0) return overlapped;
    if (offset > MAX_PAGED_ROWS)
      throw new TaskError(
        'data_rejected',
        `${dataset.name} ${unit.partitions[0]}: more rows than can be paged`,
      );
    page = await ask({ ...params, limit, offset: String(offset) });
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
