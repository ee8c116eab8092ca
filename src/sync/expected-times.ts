/**
 * The days, months or years that a dataset should have by now, without counting calls or rows: what the ledger is
 * compared with where all datasets are looked at at once, and a plan of each would take seconds. Pure.
 */
import type { TableDataset } from '../datasets/dataset.ts';
import { shanghaiClock } from '../datasets/dates.ts';
import { refusalOf } from '../datasets/refusal.ts';
import { eachCombination } from './partition.ts';
import { PERIOD } from './plan.ts';
import { calendarDates, isLastDay, isWantedDay, lastPublished } from './plan-days.ts';
import { startOf } from './unit.ts';

export interface ExpectedTimes {
  /** In order: YYYYMMDD, YYYYMM or YYYY. */
  times: string[];
  /** Partitions that each of them has: one, or as many as exchanges, markets … are walked through. */
  each: number;
}

const BY_TIMES: readonly string[] = ['trade_date', 'calendar_date', 'month', 'period', 'year'];
/** Whether its partitions are times; else they are codes, or the list as a whole. */
export const isDated = ({ fetch }: TableDataset): boolean => BY_TIMES.includes(fetch.by);

/**
 * The times from `from` to `to` (YYYYMMDD, both counted) that are published at `now`.
 * @param open trading days in order; days after the last one are not expected
 * @returns null: its partitions are no times, or it can't be had
 */
export function expectedTimes(
  dataset: TableDataset,
  open: readonly string[],
  from: string,
  to: string,
  now: Date,
): ExpectedTimes | null {
  const times = refusalOf(dataset) ? null : timesOf(dataset, open, from, to, now);
  return times && { times, each: eachCombination(dataset.fetch).length };
}

function timesOf(
  dataset: TableDataset,
  open: readonly string[],
  from: string,
  to: string,
  now: Date,
): string[] | null {
  const { fetch } = dataset;
  const start = from > startOf(dataset) ? from : startOf(dataset);
  const days = (since: string, ahead?: number) =>
    calendarDates(dataset, { mode: 'history', params: { start_date: since }, now }, ahead).filter(
      (date) => date <= to,
    );
  switch (fetch.by) {
    case 'trade_date': {
      const published = lastPublished(dataset, open, now);
      const begins = dataset.history_start ?? '';
      return open.filter(
        (date, index) =>
          date >= from &&
          date >= begins &&
          date <= to &&
          date <= published &&
          isWantedDay(fetch, open, index),
      );
    }
    case 'calendar_date':
      return days(start, fetch.ahead_days).filter(isLastDay(fetch));
    case 'month':
      return [...new Set(days(start).map((date) => date.slice(0, 6)))];
    case 'period':
      return days(start).filter((date) => PERIOD.test(date));
    case 'year':
      return years(
        start,
        to,
        Number(shanghaiClock(now).date.slice(0, 4)) + Number(fetch.until === 'next_year'),
      );
    default:
      return null;
  }
}

function years(from: string, to: string, last: number): string[] {
  const first = Number(from.slice(0, 4));
  const count = Math.min(last, Number(to.slice(0, 4))) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => String(first + index));
}
