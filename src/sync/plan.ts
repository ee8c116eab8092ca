/** From a submission to the calls it takes: ordered units, as few as the row cap allows. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { addDays, daysFromTo, FIRST_MARKET_DATE, shanghaiClock, weekOf } from '../datasets/dates.ts';
import { type ByDay, type ByYear, dayParam, type FetchPlan } from '../datasets/fetch-plan.ts';
import { refusalOf } from '../datasets/refusal.ts';
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
 * @throws TaskError prerequisite_missing when the calendar or the stock list it needs is not there;
 * invalid_params for a dataset that is retired or can't be planned yet.
 */
export function planUnits(
  dataset: TableDataset,
  mode: TaskMode,
  params: TaskParams,
  market: Market | null,
  now: Date,
): Unit[] {
  const refusal = refusalOf(dataset);
  if (refusal) throw new TaskError('invalid_params', `${dataset.name}: ${refusal}`);
  const { fetch } = dataset;
  const wanted: Wanted = { mode, params, now };
  switch (fetch.by) {
    case 'value':
      return fetch.values.map((value) => ({ partitions: [value], expected: [expectedOf(dataset)] }));
    case 'whole':
      return [{ partitions: [WHOLE], expected: [expectedOf(dataset)] }];
    case 'year':
      return planYears(dataset, fetch, now);
    case 'trade_date':
      return planTradeDates(dataset, fetch, wanted, checkMarket(dataset, market));
    case 'calendar_date':
      return packDates(dataset, fetch, calendarDates(dataset, wanted));
    case 'month':
      return single(dataset, unique(calendarDates(dataset, wanted).map((date) => date.slice(0, 6))));
    case 'period':
      return single(
        dataset,
        calendarDates(dataset, wanted).filter((date) => /(0331|0630|0930|1231)$/.test(date)),
      );
    default:
      throw new TaskError('internal', `${dataset.name}: no plan for fetch by ${fetch.by}`);
  }
}

/** The one partition of a dataset that comes whole. */
const WHOLE = 'all';

interface Wanted {
  mode: TaskMode;
  params: TaskParams;
  now: Date;
}

/** The parameters of the call that fetches these partitions, which follow each other. */
export function callParams(dataset: TableDataset, partitions: readonly string[]): Record<string, string> {
  const { fetch } = dataset;
  const first = partitions[0] as string;
  const last = partitions.at(-1) as string;
  return { ...fetch.params, ...asked(dataset, fetch, first, last) };
}

function asked(dataset: TableDataset, fetch: FetchPlan, first: string, last: string): Record<string, string> {
  switch (fetch.by) {
    case 'whole':
    case 'request':
      return {};
    case 'year':
      return { start_date: yearSpan(dataset, first).first, end_date: yearSpan(dataset, last).last };
    case 'trade_date':
    case 'calendar_date':
      return first === last ? { [dayParam(fetch)]: first } : { start_date: first, end_date: last };
    default:
      return { [fetch.param]: first };
  }
}

/** The partition that a row with this date or value belongs to. */
export function partitionOf(fetch: FetchPlan, value: string): string {
  return fetch.by === 'year' ? value.slice(0, 4) : value;
}

/** The field of a row that tells its partition; null where a unit has only one. */
export function partitionField({ fetch }: TableDataset): string | null {
  if ('date_field' in fetch) return fetch.date_field;
  return fetch.by === 'value' ? fetch.param : null;
}

/** Rows that a partition should have, where that is one number; null: not known. */
function expectedOf({ expected }: TableDataset): number | null {
  return typeof expected?.rows === 'number' ? expected.rows : null;
}

const single = (dataset: TableDataset, partitions: string[]): Unit[] =>
  partitions.map((partition) => ({ partitions: [partition], expected: [expectedOf(dataset)] }));

const unique = (values: string[]): string[] => [...new Set(values)];

function planYears(dataset: TableDataset, fetch: ByYear, now: Date): Unit[] {
  const units: Unit[] = [];
  const thisYear = Number(shanghaiClock(now).date.slice(0, 4));
  const lastYear = fetch.until === 'next_year' ? thisYear + 1 : thisYear;
  for (let year = Number(startOf(dataset).slice(0, 4)); year <= lastYear; year++) {
    const { first, last } = yearSpan(dataset, String(year));
    const expected =
      dataset.expected?.rows === 'calendar_days' ? daysFromTo(first, last) : expectedOf(dataset);
    pack(units, dataset, String(year), expected, true);
  }
  return units;
}

function yearSpan(dataset: TableDataset, year: string): { first: string; last: string } {
  const start = startOf(dataset);
  return { first: start.startsWith(year) ? start : `${year}0101`, last: `${year}1231` };
}

const startOf = (dataset: TableDataset): string => dataset.history_start ?? FIRST_MARKET_DATE;

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
  if (dataset.expected?.rows === 'listed_stocks' && market.listings.length === 0)
    throw missing('the stock list, which is empty', 'stock_basic full');
  return market;
}

function planTradeDates(dataset: TableDataset, fetch: ByDay, wanted: Wanted, market: Market): Unit[] {
  const calendar = market.calendar as NonNullable<Market['calendar']>;
  const days = market.open_dates.filter((_, index) => isWantedDay(fetch, market.open_dates, index));
  const from = later(calendar.first, dataset.history_start);
  const { start, end, named } = wantedSpan(
    wanted,
    from,
    lastPublished(dataset, market.open_dates, wanted.now),
  );
  if (start < calendar.first || end > calendar.last)
    throw new TaskError(
      'prerequisite_missing',
      `${dataset.name} ${start} to ${end}: the trading calendar has ${calendar.first} to ${calendar.last} only; ` +
        'submit trade_cal full, or ask for days inside it',
    );
  const dates = days.filter((date) => date >= start && date <= end && (!named || named.has(date)));
  const position = new Map(days.map((date, index) => [date, index]));
  const listed = listedCounter(market.listings);
  const expected = (date: string) =>
    dataset.expected?.rows === 'listed_stocks' ? listed(date) : expectedOf(dataset);
  const follows = (date: string, previous: string) =>
    position.get(date) === (position.get(previous) ?? -2) + 1;
  return packDates(dataset, fetch, dates, expected, follows);
}

/** Whether the open day at this index is one that the dataset has rows of: the last of its week or month, or any. */
function isWantedDay(fetch: ByDay, open: readonly string[], index: number): boolean {
  const [date, next] = [open[index] as string, open[index + 1]];
  if (fetch.days === undefined) return true;
  if (next === undefined) return false;
  if (fetch.days === 'last_of_month') return date.slice(0, 6) !== next.slice(0, 6);
  return weekOf(date) !== weekOf(next);
}

/** The last day whose rows are published by now. */
function lastPublished(dataset: TableDataset, open: readonly string[], now: Date): string {
  const { at = '00:00', days_later = 0 } = dataset.published ?? {};
  const clock = shanghaiClock(now);
  const today = clock.time >= at ? clock.date : addDays(clock.date, -1);
  if (days_later === 0) return today;
  const begun = open.filter((date) => date <= today);
  return begun.at(-1 - days_later) ?? today;
}

/** Every calendar day asked for; without a calendar, since rows of this kind come on any day. */
function calendarDates(dataset: TableDataset, wanted: Wanted): string[] {
  const { at = '00:00', days_later = 0 } = dataset.published ?? {};
  const clock = shanghaiClock(wanted.now);
  const published = addDays(clock.date, clock.time >= at ? -days_later : -days_later - 1);
  const { start, end, named } = wantedSpan(wanted, startOf(dataset), published);
  if (named) return [...named];
  return Array.from({ length: Math.max(0, daysFromTo(start, end)) }, (_, index) => addDays(start, index));
}

/** The days a submission means: those it names, or from start_date to end_date. */
function wantedSpan(
  { mode, params }: Wanted,
  first: string,
  published: string,
): { start: string; end: string; named: Set<string> | null } {
  const named = mode === 'backfill' ? (params.dates as string[] | undefined) : undefined;
  return {
    start: named?.[0] ?? (params.start_date as string | undefined) ?? first,
    end: named?.at(-1) ?? (params.end_date as string | undefined) ?? published,
    named: named ? new Set(named) : null,
  };
}

const later = (date: string, other: string | undefined): string => (other && other > date ? other : date);

/** Days that follow each other share a call while their rows stay under the cap, where the API takes a range. */
function packDates(
  dataset: TableDataset,
  fetch: ByDay,
  dates: string[],
  expected: (date: string) => number | null = () => expectedOf(dataset),
  follows: (date: string, previous: string) => boolean = (date, previous) => date === addDays(previous, 1),
): Unit[] {
  const units: Unit[] = [];
  let previous = '';
  for (const date of dates) {
    const joins = fetch.ranges && previous !== '' && follows(date, previous);
    pack(units, dataset, date, expected(date), joins);
    previous = date;
  }
  return units;
}

/**
 * An answer of exactly row_cap rows counts as cut off, so a unit stays below it. Where the rows are not known
 * (null) the usual number counts; a guess that is too low costs one split.
 */
function pack(
  units: Unit[],
  dataset: TableDataset,
  partition: string,
  expected: number | null,
  follows: boolean,
): void {
  const usual = dataset.expected?.about ?? dataset.row_cap;
  const unit = units.at(-1);
  const rows = [...(unit?.expected ?? []), expected].reduce<number>(
    (sum, count) => sum + (count ?? usual),
    0,
  );
  if (unit && follows && rows < dataset.row_cap) {
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
