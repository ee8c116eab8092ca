/** Units of a plan, and the calls that fetch them. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { FIRST_MARKET_DATE } from '../datasets/dates.ts';
import { type ByCode, dayParam, type FetchPlan } from '../datasets/fetch-plan.ts';
import type { CodeDays, CodeRange } from './code-groups.ts';
import { type PartitionParts, partsOf } from './partition.ts';

/** One intended call: the partitions it covers (trade dates, a status, years) and the rows each should have. */
export interface Unit {
  partitions: string[];
  expected: (number | null)[];
  /** By which of the dataset's ways: left out `fetch`; a place in `increments`; or one symbol by its code. */
  way?: number | 'symbol';
  /** Parameters of this unit alone. */
  params?: Record<string, string>;
  /** Its days are fetched by groups of codes. */
  block?: Block;
  /** One of the groups of a block, as it is fetched: it has only these codes of the block's days. */
  group?: CodeRange;
}

/** A block of days between two days of the whole market (plan-blocks.ts). */
export interface Block {
  /** Groups that it should take. */
  calls: number;
  /** The partitions of the days before and after. */
  between: [before: string, after: string];
}

/** What one call asks for: partitions of a unit that follow each other, or a part of one of them. */
export interface Slice {
  partitions: readonly string[];
  /** Days of a code's history. */
  window?: Span | undefined;
  /** Only these codes, each with the days on which it is listed. */
  codes?: readonly CodeDays[] | undefined;
}

export interface Span {
  first: string;
  last: string;
}

/** Calls that a unit is meant to take. */
export const callsOf = ({ block }: Unit): number => block?.calls ?? 1;

/** How the calls of a unit are made. */
export function wayOf(dataset: TableDataset, { way }: Pick<Unit, 'way'>): FetchPlan {
  if (way === 'symbol') return symbolPlan(dataset);
  return (way === undefined ? dataset.fetch : dataset.increments?.[way]) ?? dataset.fetch;
}

/** Trading days of a year, for the windows of one code's history. */
const DAYS_A_YEAR = 250;

/** One code's history of a dataset that is otherwise fetched by days. */
export function symbolPlan({ fetch }: TableDataset): ByCode {
  const date_field = 'date_field' in fetch ? fetch.date_field : 'trade_date';
  return {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    window: { date_field, rows_per_year: DAYS_A_YEAR },
    ...(fetch.params && { params: fetch.params }),
  };
}

/** The parameters of the call for a slice of a unit. */
export function callParams(dataset: TableDataset, unit: Unit, slice: Slice): Record<string, string> {
  const fetch = wayOf(dataset, unit);
  const parts = slice.partitions.map((partition) => partsOf(fetch, partition));
  const each = parts[0]?.each ?? {};
  const codes =
    slice.codes && 'codes' in fetch && fetch.by !== 'code'
      ? { [fetch.codes?.param ?? '']: slice.codes.map(({ ts_code }) => ts_code).join() }
      : {};
  return {
    ...fetch.params,
    ...each,
    ...asked(dataset, fetch, parts, slice.window),
    ...codes,
    ...unit.params,
  };
}

function asked(
  dataset: TableDataset,
  fetch: FetchPlan,
  parts: PartitionParts[],
  cut: Span | undefined,
): Record<string, string> {
  const first = parts[0]?.value as string;
  const last = parts.at(-1)?.value as string;
  const range = ({ first, last }: Span) => ({ start_date: first, end_date: last });
  switch (fetch.by) {
    case 'whole':
    case 'request':
      return {};
    case 'year':
      return range({ first: yearSpan(dataset, first).first, last: yearSpan(dataset, last).last });
    case 'trade_date':
    case 'calendar_date':
      return first === last ? { [dayParam(fetch)]: first } : range({ first, last });
    case 'code': {
      const window = cut ?? parts[0]?.window;
      return { [fetch.param]: parts.map(({ value }) => value).join(), ...(window && range(window)) };
    }
    default:
      return { [fetch.param]: first };
  }
}

/** First and last day of a year that the dataset has. */
export function yearSpan(dataset: TableDataset, year: string): Span {
  const start = startOf(dataset);
  return { first: start.startsWith(year) ? start : `${year}0101`, last: `${year}1231` };
}

/** The first day that the dataset has, YYYYMMDD. */
export const startOf = (dataset: TableDataset): string => dataset.history_start ?? FIRST_MARKET_DATE;

/** The value of a row's field that partitions are named by. */
export function partitionValue(fetch: FetchPlan, value: string): string {
  if (fetch.by === 'year') return value.slice(0, 4);
  const isDay = fetch.by === 'trade_date' || fetch.by === 'calendar_date';
  // a timestamp, YYYY-MM-DD HH:MM:SS+08
  return isDay && value.length > 8 ? value.slice(0, 10).replaceAll('-', '') : value;
}

/** The field of a row that tells its partition; null where a unit has only one. */
export function partitionField(fetch: FetchPlan): string | null {
  if (fetch.by === 'code') return fetch.code_field;
  if ('date_field' in fetch) return fetch.date_field;
  return fetch.by === 'value' ? fetch.param : null;
}

/** Rows that a partition should have, where that is one number; null: not known. */
export function expectedOf({ expected }: TableDataset): number | null {
  return typeof expected?.rows === 'number' ? expected.rows : null;
}
