/**
 * A market in memory that answers by counts: which stock traded on which day since 1990. Listing and delisting dates
 * are real where a recorded stock list is given, else those of the simulator's generated market; suspensions come in
 * runs, as the simulator generates them.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { calendarDays } from '../../src/simulator/calendar.ts';
import { listings } from '../../src/simulator/generated/listings.ts';
import { mix } from '../../src/simulator/generated/noise.ts';
import { BLOCK_DAYS, suspensionIn } from '../../src/simulator/generated/suspensions.ts';
import type { Market } from '../../src/sync/plan.ts';

/** Suspended stock-days: at least this share of all, and of 2015. Less would make the bench too easy. */
const LEAST_SUSPENDED = { all: 0.03, in2015: 0.08 };
const SEED = 1;

export interface Stock {
  ts_code: string;
  /** Indexes among the open days: the first listed, and the first no longer. */
  first: number;
  end: number;
  /** Days traded before each of its listed days, and at last all of them. */
  traded: Uint16Array;
}

export interface BenchMarket {
  /** Trading days up to today. */
  open: string[];
  stocks: Stock[];
  byCode: ReadonlyMap<string, Stock>;
  /** What the planner is told: calendar and stock list; nothing of suspensions. */
  known: Market;
  /** Rows of the days first..last (indexes among `open`): of all stocks, or of these; suspended ones too or not. */
  rows(first: number, last: number, codes: readonly Stock[] | null, suspended: boolean): number;
  /** Index of the first open day that is not before the date. */
  dayFrom(date: string): number;
  where: string;
  suspended_share: number;
}

/** @param today YYYYMMDD @throws when too few stock-days are suspended */
export function makeMarket(stockList: string, today: string): BenchMarket {
  const calendar = calendarDays();
  const open = calendar.filter(({ date, open }) => open && date <= today).map(({ date }) => date);
  const dayFrom = (date: string) => firstNotBefore(open, date);
  const recorded = existsSync(stockList);
  const stocks = recorded ? readStocks(stockList, open.length, dayFrom) : generatedStocks(open);
  for (const [n, stock] of stocks.entries()) trade(stock, mix(SEED, n, 71), open);
  const suspended_share = checkSuspensions(stocks, open, dayFrom);
  const totals = {
    traded: totalsOf(stocks, open.length, tradedOn),
    listed: totalsOf(stocks, open.length, () => 1),
  };
  const span = { first: '19901219', last: `${today.slice(0, 4)}1231` };
  return {
    open,
    stocks,
    byCode: new Map(stocks.map((stock) => [stock.ts_code, stock])),
    dayFrom,
    suspended_share,
    where: recorded ? 'recorded listing dates' : 'generated listing dates',
    known: {
      open_dates: calendar.filter(({ open }) => open).map(({ date }) => date),
      calendar: { ...span, days: calendar.filter(({ date }) => date <= span.last).length },
      listings: stocks.map(({ ts_code, first, end }) => ({
        ts_code,
        list_date: open[first] as string,
        delist_date: open[end] ?? null,
      })),
    },
    rows(first, last, codes, suspended) {
      const total = suspended ? totals.listed : totals.traded;
      if (codes === null) return (total[last + 1] as number) - (total[first] as number);
      return codes.reduce((sum, stock) => sum + rowsOf(stock, first, last, suspended), 0);
    },
  };
}

function firstNotBefore(open: readonly string[], date: string): number {
  let low = 0;
  let high = open.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((open[middle] as string) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readStocks(file: string, days: number, dayFrom: (date: string) => number): Stock[] {
  const rows = parse(readFileSync(file, 'utf8'), { columns: true }) as Record<string, string>[];
  return rows
    .map(({ ts_code = '', list_date = '', delist_date }) => ({
      ts_code,
      first: dayFrom(list_date),
      end: delist_date ? dayFrom(delist_date) : days,
      traded: new Uint16Array(),
    }))
    .filter(({ first, end }) => first < end)
    .toSorted((a, b) => (a.ts_code < b.ts_code ? -1 : 1));
}

function generatedStocks(open: readonly string[]): Stock[] {
  return listings(SEED, open)
    .map(({ ts_code, firstDay, endDay }) => ({
      ts_code,
      first: firstDay,
      end: Math.min(endDay, open.length),
      traded: new Uint16Array(),
    }))
    .filter(({ first, end }) => first < end);
}

/** Marks the days on which a stock trades: all but a run of days in some of its blocks. */
function trade(stock: Stock, seed: number, open: readonly string[]): void {
  const { first, end } = stock;
  stock.traded = new Uint16Array(end - first + 1);
  const shift = seed % BLOCK_DAYS;
  for (let day = first, count = 0; day < end; day++) {
    const block = Math.floor((day + shift) / BLOCK_DAYS);
    const start = block * BLOCK_DAYS - shift;
    const whole = start >= first && start + BLOCK_DAYS <= end;
    const run = whole ? suspensionIn(seed, block, (open[start] as string).slice(0, 4)) : null;
    const into = day - start - (run?.start ?? 0);
    if (!run || into < 0 || into >= run.days) count++;
    stock.traded[day - first + 1] = count;
  }
}

const tradedOn = ({ traded, first }: Stock, day: number): number =>
  (traded[day - first + 1] as number) - (traded[day - first] as number);

/** Rows before each day, and at last all of them. */
function totalsOf(stocks: readonly Stock[], days: number, of: (stock: Stock, day: number) => number) {
  const totals = new Float64Array(days + 1);
  for (const stock of stocks)
    for (let day = stock.first; day < stock.end; day++) (totals[day + 1] as number) += of(stock, day);
  for (let day = 0; day < days; day++) (totals[day + 1] as number) += totals[day] as number;
  return totals;
}

/** Rows of one stock from the day first to the day last. */
export function rowsOf(stock: Stock, first: number, last: number, suspended: boolean): number {
  const from = Math.max(first, stock.first);
  const to = Math.min(last + 1, stock.end);
  if (from >= to) return 0;
  if (suspended) return to - from;
  return (stock.traded[to - stock.first] as number) - (stock.traded[from - stock.first] as number);
}

function checkSuspensions(
  stocks: readonly Stock[],
  open: readonly string[],
  dayFrom: (date: string) => number,
) {
  const share = (first: number, last: number) => {
    const sum = (suspended: boolean) =>
      stocks.reduce((rows, stock) => rows + rowsOf(stock, first, last, suspended), 0);
    return 1 - sum(false) / sum(true);
  };
  const all = share(0, open.length - 1);
  const in2015 = share(dayFrom('20150101'), dayFrom('20160101') - 1);
  if (all < LEAST_SUSPENDED.all || in2015 < LEAST_SUSPENDED.in2015)
    throw new Error(`too few suspensions: ${all} of all stock-days, ${in2015} of 2015`);
  return all;
}
