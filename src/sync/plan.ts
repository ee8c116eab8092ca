/** From a submission to the calls it takes: ordered units, as few as the row cap allows. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { addDays, daysFromTo, shanghaiClock } from '../datasets/dates.ts';
import type { ByYear, FetchPlan, OnRequest } from '../datasets/fetch-plan.ts';
import { refusalOf } from '../datasets/refusal.ts';
import { TaskError } from '../errors.ts';
import type { TaskMode, TaskParams } from '../queue/task.ts';
import type { Listing } from './code-groups.ts';
import { type LedgerEntry, mayBeAskedAgain } from './due.ts';
import { pack } from './pack.ts';
import { eachCombination, partitionName } from './partition.ts';
import { type KnownCode, planCodes } from './plan-codes.ts';
import { calendarDates, planCalendarDates, planTradeDates, type Wanted } from './plan-days.ts';
import { expectedOf, startOf, symbolPlan, type Unit, wayOf, yearSpan } from './unit.ts';

export { listedCounter } from './plan-days.ts';
export { partitionField, type Unit, wayOf } from './unit.ts';

/** What the planner knows: the market from trade_cal, stock_basic and suspend_d, and what the ledger says. */
export interface Market {
  /** Open days in order, YYYYMMDD. */
  open_dates: string[];
  /** First and last day the calendar has, and how many between them; null while it is empty. */
  calendar: { first: string; last: string; days: number } | null;
  listings: Listing[];
  /** Stocks suspended for a whole day, by day. */
  suspended?: ReadonlyMap<string, number>;
  /** Codes that a dataset by code is asked for, by the way of the dataset. */
  codes?: ReadonlyMap<FetchPlan | 'symbol', readonly KnownCode[]>;
  /** Entries of the dataset by partition. */
  ledger?: ReadonlyMap<string, LedgerEntry>;
}

/** The one partition of a dataset that comes whole. */
const WHOLE = 'all';

/**
 * The units of a run, in order. `market` may be null for datasets that need nothing of it (see market.ts).
 * @throws TaskError prerequisite_missing when the calendar, the stock list or the codes it needs are not there;
 * invalid_params for a dataset that is retired, or asked for in a way it doesn't have.
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
  const wanted: Wanted = { mode, params, now };
  const { fetch } = dataset;
  if (Array.isArray(params.codes) && fetch.by !== 'code') {
    const codes = market?.codes?.get('symbol') ?? [];
    return planCodes(dataset, symbolPlan(dataset), spanOf(params), codes, now, { way: 'symbol' });
  }
  if (mode === 'incremental' && dataset.increments?.length)
    return dataset.increments.flatMap((_, way) => planWay(dataset, { way }, wanted, market));
  return planWay(dataset, {}, wanted, market);
}

/** One call covers the days between those that are named as well. */
function spanOf(params: TaskParams): TaskParams {
  const { dates } = params as { dates?: string[] };
  return dates ? { ...params, start_date: dates[0], end_date: dates.at(-1) } : params;
}

function planWay(
  dataset: TableDataset,
  way: Pick<Unit, 'way'>,
  wanted: Wanted,
  market: Market | null,
): Unit[] {
  const fetch = wayOf(dataset, way);
  switch (fetch.by) {
    case 'value':
      return single(dataset, fetch, [...fetch.values], way);
    case 'whole':
      return single(dataset, fetch, [WHOLE], way);
    case 'year':
      return planYears(dataset, fetch, wanted, way);
    case 'trade_date':
      return planTradeDates(dataset, fetch, wanted, checkMarket(dataset, market, wanted), way);
    case 'calendar_date':
      return planCalendarDates(dataset, fetch, wanted, market, way);
    case 'month':
    case 'period':
      return single(dataset, fetch, stretches(dataset, fetch, wanted, market), way);
    case 'code':
      return planCodes(dataset, fetch, wanted.params, market?.codes?.get(fetch) ?? [], wanted.now, way);
    case 'request':
      return planRequest(dataset, fetch, wanted.params);
  }
}

/** One unit for each value in each combination. */
function single(dataset: TableDataset, fetch: FetchPlan, values: string[], way: Pick<Unit, 'way'>): Unit[] {
  return eachCombination(fetch).flatMap((each) =>
    values.map((value) => ({
      partitions: [partitionName(each, value)],
      expected: [expectedOf(dataset)],
      ...way,
    })),
  );
}

/** Last days of quarters. */
export const PERIOD = /(0331|0630|0930|1231)$/;
/** An incremental run asks for the months or periods of so many last days again at least: reports come for months. */
const REPORTS_COME_FOR_DAYS = 125;

/** The months or periods that are wanted. */
function stretches(dataset: TableDataset, fetch: FetchPlan, wanted: Wanted, market: Market | null): string[] {
  const dates = calendarDates(dataset, wanted);
  const values =
    fetch.by === 'month'
      ? [...new Set(dates.map((date) => date.slice(0, 6)))]
      : dates.filter((date) => PERIOD.test(date));
  if (wanted.mode !== 'incremental') return values;
  const last = dates.at(-1);
  if (last === undefined) return [];
  const since = addDays(last, -(dataset.revisited_days ?? REPORTS_COME_FOR_DAYS)).slice(0, values[0]?.length);
  const names = eachCombination(fetch);
  const known = (value: string) => names.map((each) => market?.ledger?.get(partitionName(each, value)));
  const first = values.find((value) => known(value).some((entry) => entry !== undefined)) ?? since;
  return values.filter(
    (value) =>
      value >= since || (value > first && known(value).some((entry) => mayBeAskedAgain(entry, wanted.now))),
  );
}

function planYears(dataset: TableDataset, fetch: ByYear, wanted: Wanted, way: Pick<Unit, 'way'>): Unit[] {
  const thisYear = Number(shanghaiClock(wanted.now).date.slice(0, 4));
  const lastYear = fetch.until === 'next_year' ? thisYear + 1 : thisYear;
  const firstYear = wanted.mode === 'incremental' ? thisYear : Number(startOf(dataset).slice(0, 4));
  return eachCombination(fetch).flatMap((each) => {
    const units: Unit[] = [];
    for (let year = firstYear; year <= lastYear; year++) {
      const { first, last } = yearSpan(dataset, String(year));
      const expected =
        dataset.expected?.rows === 'calendar_days' ? daysFromTo(first, last) : expectedOf(dataset);
      pack(units, dataset, partitionName(each, String(year)), expected, units.length > 0, way);
    }
    return units;
  });
}

/** One call with the parameters that the submission names. */
function planRequest(dataset: TableDataset, fetch: OnRequest, params: TaskParams): Unit[] {
  const known = [...fetch.wants, ...(fetch.takes ?? [])];
  const missing = fetch.wants.filter((name) => typeof params[name] !== 'string');
  if (missing.length > 0)
    throw new TaskError('invalid_params', `${dataset.name} needs ${missing.join(', ')} in params`);
  const given = Object.fromEntries(
    known.flatMap((name) => (params[name] ? [[name, String(params[name])]] : [])),
  );
  const named = Object.values(given).join(' ').replaceAll('/', '-').slice(0, 60);
  return eachCombination(fetch).map((each) => ({
    partitions: [partitionName(each, named)],
    expected: [null],
    params: given,
  }));
}

function checkMarket(dataset: TableDataset, market: Market | null, wanted: Wanted): Market {
  const missing = (what: string, todo: string) =>
    new TaskError('prerequisite_missing', `${dataset.name} needs ${what}: submit ${todo} first`);
  if (market && !market.calendar && wanted.mode === 'incremental') return weekdays(market, wanted);
  if (!market?.calendar) throw missing('the trading calendar, which is empty', 'trade_cal full');
  const { first, last, days } = market.calendar;
  if (days !== daysFromTo(first, last))
    throw missing(
      `a trading calendar without holes (${days} days from ${first} to ${last})`,
      'trade_cal full',
    );
  if (
    dataset.expected?.rows === 'listed_stocks' &&
    market.listings.length === 0 &&
    wanted.mode !== 'incremental'
  )
    throw missing('the stock list, which is empty', 'stock_basic full');
  return market;
}

/** Stands in for a calendar that is not loaded yet (D23): every day from Monday to Friday since the ledger began. */
function weekdays(market: Market, { now, params }: Wanted): Market {
  const today = (params.target_date as string | undefined) ?? shanghaiClock(now).date;
  const [first = addDays(today, -7)] = [...(market.ledger?.keys() ?? [])]
    .filter((name) => /^\d{8}$/.test(name))
    .sort();
  const days = Array.from({ length: Math.max(0, daysFromTo(first, today)) }, (_, index) =>
    addDays(first, index),
  );
  return {
    ...market,
    open_dates: days.filter(
      (date) =>
        ![0, 6].includes(
          new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`).getUTCDay(),
        ),
    ),
    calendar: { first, last: today, days: days.length },
  };
}
