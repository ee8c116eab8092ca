/** From a submission to the calls it takes: ordered units, as few as the row cap allows. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { addDays, daysFromTo, shanghaiClock } from '../datasets/dates.ts';
import { TaskError } from '../errors.ts';
import type { TaskMode, TaskParams } from '../queue/task.ts';

/** One intended call: the partitions it covers (trade dates, a status, years) and the rows each should have. */
export interface Unit {
  partitions: string[];
  expected: (number | null)[];
}

/** What the planner knows of the market, from trade_cal and stock_basic. */
export interface Market {
  /** Open days in order, YYYYMMDD. */
  open_dates: string[];
  /** First and last day the calendar has, and how many between them; null while it is empty. */
  calendar: { first: string; last: string; days: number } | null;
  listings: { list_date: string; delist_date: string | null }[];
}

/**
 * The units of a run, in order. `market` may be null for datasets that are not fetched by trade date.
 * @throws TaskError prerequisite_missing when the calendar or the stock list it needs is not there.
 */
export function planUnits(
  dataset: TableDataset,
  mode: TaskMode,
  params: TaskParams,
  market: Market | null,
  now: Date,
): Unit[] {
  const { fetch } = dataset;
  if (fetch.by === 'value') return fetch.values.map((value) => ({ partitions: [value], expected: [null] }));
  if (fetch.by === 'calendar') return planYears(dataset, fetch.first, now);
  const dates = wantedDates(dataset, fetch.published_at, mode, params, checkMarket(dataset, market), now);
  return packDates(dates, market as Market, dataset.row_cap);
}

/** The parameters of the call that fetches these partitions, which follow each other. */
export function callParams(dataset: TableDataset, partitions: readonly string[]): Record<string, string> {
  const { fetch } = dataset;
  const first = partitions[0] as string;
  const last = partitions.at(-1) as string;
  if (fetch.by === 'value') return { [fetch.param]: first };
  if (fetch.by === 'calendar') {
    const span = yearSpan(first, fetch.first);
    return { ...fetch.params, start_date: span.first, end_date: yearSpan(last, fetch.first).last };
  }
  return first === last ? { trade_date: first } : { start_date: first, end_date: last };
}

function planYears(dataset: TableDataset, first: string, now: Date): Unit[] {
  const units: Unit[] = [];
  const lastYear = Number(shanghaiClock(now).date.slice(0, 4)) + 1;
  for (let year = Number(first.slice(0, 4)); year <= lastYear; year++) {
    const span = yearSpan(String(year), first);
    pack(units, String(year), daysFromTo(span.first, span.last), dataset.row_cap, true);
  }
  return units;
}

function yearSpan(year: string, first: string): { first: string; last: string } {
  return { first: first.startsWith(year) ? first : `${year}0101`, last: `${year}1231` };
}

function checkMarket(dataset: TableDataset, market: Market | null): Market {
  const missing = (what: string, todo: string) =>
    new TaskError('prerequisite_missing', `${dataset.name} needs ${what}: submit ${todo} first`);
  if (!market?.calendar) throw missing('the trading calendar, which is empty', 'trade_cal full');
  const { first, last, days } = market.calendar;
  if (days !== daysFromTo(first, last))
    throw missing(
      `a trading calendar without holes (${days} days from ${first} to ${last})`,
      'trade_cal full',
    );
  if (market.listings.length === 0) throw missing('the stock list, which is empty', 'stock_basic full');
  return market;
}

function wantedDates(
  dataset: TableDataset,
  publishedAt: string,
  mode: TaskMode,
  params: TaskParams,
  market: Market,
  now: Date,
): string[] {
  const calendar = market.calendar as NonNullable<Market['calendar']>;
  const named = mode === 'backfill' ? (params.dates as string[] | undefined) : undefined;
  const clock = shanghaiClock(now);
  const published = clock.time >= publishedAt ? clock.date : addDays(clock.date, -1);
  const start = named?.[0] ?? (params.start_date as string | undefined) ?? calendar.first;
  const end = named?.at(-1) ?? (params.end_date as string | undefined) ?? published;
  if (start < calendar.first || end > calendar.last)
    throw new TaskError(
      'prerequisite_missing',
      `${dataset.name} ${start} to ${end}: the trading calendar has ${calendar.first} to ${calendar.last} only; ` +
        'submit trade_cal full, or ask for days inside it',
    );
  const open = market.open_dates.filter((date) => date >= start && date <= end);
  if (!named) return open;
  const wanted = new Set(named);
  return open.filter((date) => wanted.has(date));
}

/** Days that follow each other in the calendar share a call while the stocks listed on them stay under the cap. */
function packDates(dates: string[], market: Market, cap: number): Unit[] {
  const position = new Map(market.open_dates.map((date, index) => [date, index]));
  const listed = listedCounter(market.listings);
  const units: Unit[] = [];
  let previous = Number.NaN;
  for (const date of dates) {
    const index = position.get(date) as number;
    pack(units, date, listed(date), cap, index === previous + 1);
    previous = index;
  }
  return units;
}

/** An answer of exactly `cap` rows counts as cut off, so a unit stays below it. */
function pack(units: Unit[], partition: string, expected: number, cap: number, follows: boolean): void {
  const unit = units.at(-1);
  const rows = unit?.expected.reduce<number>((sum, count) => sum + (count ?? 0), expected) ?? 0;
  if (unit && follows && rows < cap) {
    unit.partitions.push(partition);
    unit.expected.push(expected);
  } else units.push({ partitions: [partition], expected: [expected] });
}

/** Counts the stocks listed on a date: from list_date on, until the day before delist_date. */
export function listedCounter(listings: Market['listings']): (date: string) => number {
  const begun = listings.map((stock) => stock.list_date).sort();
  const ended = listings
    .map((stock) => stock.delist_date)
    .filter((date) => date !== null)
    .sort();
  return (date) => countUpTo(begun, date) - countUpTo(ended, date);
}

/** How many of the sorted dates are not after the date. */
function countUpTo(sorted: readonly string[], date: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) <= date) low = middle + 1;
    else high = middle;
  }
  return low;
}
