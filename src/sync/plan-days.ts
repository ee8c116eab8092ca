/** Plans for datasets whose partitions are days: which days, and how they share calls. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { addDays, daysFromTo, shanghaiClock, weekdayOf, weekOf } from '../datasets/dates.ts';
import type { ByDay } from '../datasets/fetch-plan.ts';
import { TaskError } from '../errors.ts';
import type { TaskMode, TaskParams } from '../queue/task.ts';
import type { Listing } from './code-groups.ts';
import { type LedgerEntry, mayBeAskedAgain } from './due.ts';
import { pack } from './pack.ts';
import { eachCombination, partitionName } from './partition.ts';
import type { Market } from './plan.ts';
import { hasBlocks, planBlocks } from './plan-blocks.ts';
import { expectedOf, startOf, type Unit } from './unit.ts';

const FRIDAY = 5;

/** What is asked for. */
export interface Wanted {
  mode: TaskMode;
  params: TaskParams;
  now: Date;
}

/** One unit or several days in one, by trading days out of the calendar. */
export function planTradeDates(
  dataset: TableDataset,
  fetch: ByDay,
  wanted: Wanted,
  market: Market,
  way: Pick<Unit, 'way'> = {},
): Unit[] {
  const calendar = market.calendar as NonNullable<Market['calendar']>;
  const days = market.open_dates.filter((_, index) => isWantedDay(fetch, market.open_dates, index));
  const from = later(calendar.first, dataset.history_start);
  const published = lastPublished(dataset, market.open_dates, wanted.now);
  const span = wantedSpan(wanted, from, published);
  if (span.start < calendar.first || span.end > calendar.last)
    throw new TaskError(
      'prerequisite_missing',
      `${dataset.name} ${span.start} to ${span.end}: the trading calendar has ${calendar.first} to ${calendar.last} only; ` +
        'submit trade_cal full, or ask for days inside it',
    );
  const position = new Map(days.map((date, index) => [date, index]));
  const follows = (date: string, previous: string) =>
    position.get(date) === (position.get(previous) ?? -2) + 1;
  const expected = expectedCounter(dataset, market);
  return eachCombination(fetch).flatMap((each) => {
    const inSpan = days.filter((date) => isIn(span, date));
    const dates = chosen(dataset, fetch, wanted, market, each, inSpan);
    if (wanted.mode === 'history' && hasBlocks(dataset, fetch, market.listings))
      return planBlocks(dataset, fetch, runsOf(dates, follows), market.listings, expected, way);
    return packDates(dataset, fetch, dates, expected, follows, each, way);
  });
}

/** By calendar days, without a calendar: rows of this kind come on any day. */
export function planCalendarDates(
  dataset: TableDataset,
  fetch: ByDay,
  wanted: Wanted,
  market: Market | null,
  way: Pick<Unit, 'way'> = {},
): Unit[] {
  const follows = (date: string, previous: string) => date === addDays(previous, 1);
  const all = calendarDates(dataset, wanted, fetch.ahead_days).filter(isLastDay(fetch));
  return eachCombination(fetch).flatMap((each) => {
    const dates = chosen(dataset, fetch, wanted, market, each, all);
    return packDates(dataset, fetch, dates, () => expectedOf(dataset), follows, each, way);
  });
}

/** Every calendar day asked for. */
export function calendarDates(dataset: TableDataset, wanted: Wanted, ahead = 0): string[] {
  const { at = '00:00', days_later = 0 } = dataset.published ?? {};
  const clock = shanghaiClock(wanted.now);
  const published = addDays(clock.date, ahead - days_later - (clock.time >= at ? 0 : 1));
  const { start, end, named } = wantedSpan(wanted, startOf(dataset), published);
  if (named) return [...named];
  return Array.from({ length: Math.max(0, daysFromTo(start, end)) }, (_, index) => addDays(start, index));
}

/**
 * The days of the span that are asked for. History and backfill: all of them; `missing`: those that the ledger
 * doesn't call complete. Incremental (R105, D23): from the first day in the ledger on those that are missing and
 * due, those that TuShare still adds to, and always the last one; with an empty ledger only the last one.
 */
function chosen(
  dataset: TableDataset,
  fetch: ByDay,
  wanted: Wanted,
  market: Market | null,
  each: string[],
  dates: string[],
): string[] {
  const ledger = market?.ledger ?? new Map<string, LedgerEntry>();
  const entryOf = (date: string) => ledger.get(partitionName(each, date));
  if (wanted.params.missing === true) return dates.filter((date) => entryOf(date)?.state !== 'complete');
  if (wanted.mode !== 'incremental') return dates;
  const last = dates.at(-1);
  const first = dates.find((date) => entryOf(date) !== undefined);
  if (last === undefined) return [];
  if (first === undefined) return [last];
  const ahead = 'ahead_days' in fetch ? (fetch.ahead_days ?? 0) : 0;
  const revisited = addDays(last, -(dataset.revisited_days ?? 0) - ahead);
  return dates.filter((date) => {
    if (date === last || (date > revisited && date >= first)) return true;
    return date >= first && mayBeAskedAgain(entryOf(date), wanted.now);
  });
}

interface DaySpan {
  start: string;
  end: string;
  named: Set<string> | null;
}

/** The days a submission means: those it names, or from start_date to end_date. */
export function wantedSpan({ mode, params }: Wanted, first: string, published: string): DaySpan {
  const named = mode === 'backfill' ? (params.dates as string[] | undefined) : undefined;
  const target = params.target_date as string | undefined;
  return {
    start: named?.[0] ?? (params.start_date as string | undefined) ?? first,
    end: named?.at(-1) ?? (params.end_date as string | undefined) ?? target ?? published,
    named: named ? new Set(named) : null,
  };
}

const isIn = ({ start, end, named }: DaySpan, date: string): boolean =>
  date >= start && date <= end && (!named || named.has(date));

const later = (date: string, other: string | undefined): string => (other && other > date ? other : date);

/** Whether a calendar day is one that the dataset has rows of: any, the Friday, or the end of the month. */
export function isLastDay(fetch: ByDay): (date: string) => boolean {
  return (date) => {
    if (fetch.days === 'last_of_week') return weekdayOf(date) === FRIDAY;
    return fetch.days === undefined || addDays(date, 1).endsWith('01');
  };
}

/** Whether the open day at this index is one that the dataset has rows of: the last of its week or month, or any. */
export function isWantedDay(fetch: ByDay, open: readonly string[], index: number): boolean {
  const [date, next] = [open[index] as string, open[index + 1]];
  if (fetch.days === undefined) return true;
  if (next === undefined) return false;
  if (fetch.days === 'last_of_month') return date.slice(0, 6) !== next.slice(0, 6);
  return weekOf(date) !== weekOf(next);
}

/** The last day whose rows are published by now. */
export function lastPublished(dataset: TableDataset, open: readonly string[], now: Date): string {
  const { at = '00:00', days_later = 0 } = dataset.published ?? {};
  const clock = shanghaiClock(now);
  const today = clock.time >= at ? clock.date : addDays(clock.date, -1);
  if (days_later === 0) return today;
  const begun = open.filter((date) => date <= today);
  return begun.at(-1 - days_later) ?? today;
}

/** Days that follow each other share a call while their rows stay under the cap, where the API takes a range. */
function packDates(
  dataset: TableDataset,
  fetch: ByDay,
  dates: string[],
  expected: (date: string) => number | null,
  follows: (date: string, previous: string) => boolean,
  each: string[],
  way: Pick<Unit, 'way'>,
): Unit[] {
  const units: Unit[] = [];
  let previous = '';
  for (const date of dates) {
    const joins = fetch.ranges && previous !== '' && follows(date, previous);
    pack(units, dataset, partitionName(each, date), expected(date), joins, way);
    previous = date;
  }
  return units;
}

/** Dates cut where one doesn't follow the other. */
function runsOf(dates: string[], follows: (date: string, previous: string) => boolean): string[][] {
  const runs: string[][] = [];
  for (const [index, date] of dates.entries()) {
    const previous = dates[index - 1];
    if (previous !== undefined && follows(date, previous)) runs.at(-1)?.push(date);
    else runs.push([date]);
  }
  return runs;
}

/** Rows that a day should have: as many as stocks are listed, less those known to be suspended; or a number. */
function expectedCounter(dataset: TableDataset, market: Market): (date: string) => number | null {
  if (dataset.expected?.rows !== 'listed_stocks') return () => expectedOf(dataset);
  // without a list nothing is known; 0 would call an empty day complete
  if (market.listings.length === 0) return () => null;
  const listed = listedCounter(market.listings);
  // where suspended stocks have rows too, the share asked for is all of them
  const lessSuspended = (dataset.expected.complete_from ?? 1) < 1;
  return (date) => listed(date) - (lessSuspended ? (market.suspended?.get(date) ?? 0) : 0);
}

/** Counts the stocks listed on a date: from list_date on, until the day before delist_date. */
export function listedCounter(listings: readonly Listing[]): (date: string) => number {
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
