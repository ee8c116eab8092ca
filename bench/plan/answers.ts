/**
 * How many rows each API would answer, for the datasets of the bench. The numbers of datasets that are not the bars of
 * the market are made up in the shape that the documentation and recorded answers show: few rows in the early years,
 * more as the market grew, with good and bad days.
 */

import { addDays, daysFromTo } from '../../src/datasets/dates.ts';
import { unit } from '../../src/simulator/generated/noise.ts';
import { type BenchMarket, rowsOf, type Stock } from './market.ts';

export type Params = Readonly<Record<string, string>>;

/** Rows that a call with these parameters selects, without a cap. */
export interface RowSource {
  rows(params: Params): number;
  /** The same by code, where calls may name several; by day, the newest first, where they may name a range. */
  byCode?(params: Params): { code: string; rows: number; days?: () => string[] }[];
  byDay?(params: Params): { date: string; rows: number }[];
  /** Rows of everything there is. */
  total: number;
  /** Calls of somebody who asks day by day, and code by code, where the API can be asked so. */
  days?: string[];
  codes?: { code: string; rows: number }[];
}

const SEED = 7;

/** Bars: a row for each stock that trades on a day; or for each that is listed. */
export function bars(
  market: BenchMarket,
  given: {
    suspended?: boolean;
    only?: (code: string) => boolean;
    on?: (day: number) => boolean;
    from?: string;
  },
): RowSource {
  const { suspended = false, only = () => true, on, from = '' } = given;
  const { open } = market;
  const begin = market.dayFrom(from);
  const some = market.stocks.filter(({ ts_code }) => only(ts_code));
  const all = some.length === market.stocks.length ? null : some;
  const perDay = prefix(open.length, (day) =>
    day < begin || (on && !on(day)) ? 0 : market.rows(day, day, all, suspended),
  );
  const days = open.filter((_, day) => day >= begin && (!on || on(day)));
  const ofCode = (stock: Stock, first: number, last: number) => {
    if (!on) return rowsOf(stock, Math.max(first, begin), last, suspended);
    let rows = 0;
    for (let day = Math.max(first, begin); day <= last; day++)
      if (on(day)) rows += rowsOf(stock, day, day, suspended);
    return rows;
  };
  const byCode = (params: Params) => {
    const [first, last] = spanOf(market, params);
    return (params.ts_code ?? '').split(',').map((code) => {
      const stock = market.byCode.get(code);
      if (!stock || !only(code)) return { code, rows: 0 };
      const days = () => open.slice(first, last + 1).filter((_, at) => ofCode(stock, first + at, first + at));
      return { code, rows: ofCode(stock, first, last), days };
    });
  };
  return {
    rows(params) {
      if (params.ts_code) return byCode(params).reduce((sum, { rows }) => sum + rows, 0);
      const [first, last] = spanOf(market, params);
      return first > last ? 0 : (perDay[last + 1] as number) - (perDay[first] as number);
    },
    byCode,
    byDay: (params) => newestFirst(open, perDay, ...spanOf(market, params)),
    total: perDay[open.length] as number,
    days,
    codes: some
      .map((stock) => ({ code: stock.ts_code, rows: ofCode(stock, 0, open.length - 1) }))
      .filter(({ rows }) => rows > 0),
  };
}

/** So many rows on each trading day. */
export function daily(market: BenchMarket, rowsOn: (day: number) => number): RowSource {
  const perDay = prefix(market.open.length, rowsOn);
  return {
    rows(params) {
      const [first, last] = spanOf(market, params);
      return first > last ? 0 : (perDay[last + 1] as number) - (perDay[first] as number);
    },
    byDay: (params) => newestFirst(market.open, perDay, ...spanOf(market, params)),
    total: perDay[market.open.length] as number,
    days: market.open,
  };
}

/** So many rows on each calendar day of a span. */
export function calendar(
  first: string,
  last: string,
  rowsOn: (date: string, day: number) => number,
): RowSource {
  const dates = Array.from({ length: daysFromTo(first, last) }, (_, day) => addDays(first, day));
  const perDay = prefix(dates.length, (day) => rowsOn(dates[day] as string, day));
  const at = (date: string) => Math.min(dates.length, Math.max(0, daysFromTo(first, date) - 1));
  const span = ({ start_date, end_date, ...one }: Params): [number, number] => {
    const [date = ''] = Object.values(one);
    return [at(start_date ?? date), at(addDays(end_date ?? date, 1)) - 1];
  };
  return {
    rows(params) {
      const [first, last] = span(params);
      return (perDay[last + 1] as number) - (perDay[first] as number);
    },
    byDay: (params) => newestFirst(dates, perDay, ...span(params)),
    total: perDay[dates.length] as number,
    days: dates,
  };
}

/** So many rows of each value of one parameter. Windows of time take their share of the code's days. */
export function valued(
  param: string,
  values: readonly { code: string; rows: number; stock?: { first: number; end: number } }[],
  market: BenchMarket,
): RowSource {
  const known = new Map(values.map((value) => [value.code, value]));
  const rowsOfOne = (code: string, params: Params) => {
    const { rows, stock = { first: 0, end: market.open.length } } = known.get(code) ?? { rows: 0 };
    if (!params.start_date) return rows;
    const [first, last] = spanOf(market, params);
    const days = Math.min(stock.end, last + 1) - Math.max(stock.first, first);
    return Math.max(0, Math.round((rows * days) / Math.max(1, stock.end - stock.first)));
  };
  const byCode = (params: Params) =>
    (params[param]?.split(',') ?? [...known.keys()]).map((code) => ({ code, rows: rowsOfOne(code, params) }));
  return {
    rows: (params) => byCode(params).reduce((sum, { rows }) => sum + rows, 0),
    byCode,
    total: values.reduce((sum, { rows }) => sum + rows, 0),
    codes: [...values],
  };
}

function newestFirst(dates: readonly string[], sums: Float64Array, first: number, last: number) {
  const days: { date: string; rows: number }[] = [];
  for (let day = last; day >= first; day--)
    days.push({ date: dates[day] as string, rows: (sums[day + 1] as number) - (sums[day] as number) });
  return days;
}

/** A number around one, different for each day; now and then twice or three times as much. */
export function mood(day: number, of: number): number {
  return 0.5 + unit(SEED, day, of) + (unit(SEED, day, of + 1) > 0.97 ? 2 : 0);
}

/** Indexes of the open days that the parameters select. */
function spanOf(market: BenchMarket, params: Params): [first: number, last: number] {
  const { trade_date, start_date = trade_date ?? '', end_date = trade_date ?? '99999999' } = params;
  const end = market.dayFrom(end_date);
  return [market.dayFrom(start_date), market.open[end] === end_date ? end : end - 1];
}

function prefix(days: number, rowsOn: (day: number) => number): Float64Array {
  const sums = new Float64Array(days + 1);
  for (let day = 0; day < days; day++)
    sums[day + 1] = (sums[day] as number) + Math.max(0, Math.round(rowsOn(day)));
  return sums;
}
