/** What an answer tells about the rows that it lacks. */
import type { TableDataset } from '../datasets/dataset.ts';
import type { FetchPlan } from '../datasets/fetch-plan.ts';
import type { TushareAnswer } from './context.ts';
import { partsOf } from './partition.ts';
import { partitionField, partitionValue, type Slice, type Unit, wayOf } from './unit.ts';

/** Caps have been 4,000, 5,000, 6,000 over the years, always a multiple of this, and not always announced. */
const CAP_MULTIPLE = 1000;
/** Codes at the end of a call that must all be without a row before that means something. */
const FEWEST_LAST_CODES = 20;
/** So few stocks may all be suspended on one day. */
const FEW_STOCKS = 5;

/** What a call was made for. */
interface Asked {
  dataset: TableDataset;
  unit: Unit;
}

/** Whether rows may be missing behind the answer: it says so, or its length is one that a cap would give it. */
export function isCutOff(answer: TushareAnswer, dataset: TableDataset): boolean {
  const rows = answer.items.length;
  return answer.has_more || rows >= dataset.row_cap || (rows > 0 && rows % CAP_MULTIPLE === 0);
}

/** Rows that the codes of a slice have where none of them is suspended. */
const rowsListed = ({ codes = [] }: Slice): number =>
  codes.reduce((sum, { first, end }) => sum + end - first, 0);

/** A group in which nobody is suspended has just so many rows, which may well be a whole thousand. */
export const hasAllListed = (
  { dataset }: Pick<Asked, 'dataset'>,
  slice: Slice,
  { items, has_more }: TushareAnswer,
): boolean =>
  slice.codes !== undefined &&
  !has_more &&
  items.length < dataset.row_cap &&
  items.length === rowsListed(slice);

/** Days on which several codes of a group are listed and none has a row: not all were published, or not all told. */
export function silentDays(
  fetch: FetchPlan,
  { codes, partitions }: Slice,
  { fields, items }: TushareAnswer,
): string[] {
  if (!codes) return [];
  const at = fields.indexOf(partitionField(fetch) ?? '');
  const traded = new Set(items.map((item) => partitionValue(fetch, String(item[at]))));
  return partitions.filter((partition, day) => {
    if (traded.has(partsOf(fetch, partition).value)) return false;
    return codes.filter(({ first, end }) => first <= day && day < end).length >= FEW_STOCKS;
  });
}

/**
 * Whether the server took fewer codes than the call named, which nobody documents: then none of the last ones has a
 * row. (That all of so many stocks are suspended for so many days is not seen.)
 */
export function lastCodesIgnored(
  { dataset, unit }: Asked,
  { codes = [] }: Slice,
  answer: TushareAnswer,
): boolean {
  const fetch = wayOf(dataset, unit);
  const last = codes.slice(-Math.ceil(codes.length / 10));
  if (last.length < FEWEST_LAST_CODES || answer.items.length === 0 || !('codes' in fetch)) return false;
  const at = answer.fields.indexOf(fetch.codes && 'param' in fetch.codes ? fetch.codes.param : '');
  const answered = new Set(answer.items.map((item) => item[at]));
  return !last.some(({ ts_code }) => answered.has(ts_code));
}
