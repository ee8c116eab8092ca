/**
 * Whether what should be there by now is there: the latest time of each dataset against the one that is published.
 * Pure. Times of day are Shanghai's, instants are ms since the epoch.
 */
import type { TableDataset } from '../datasets/dataset.ts';
import { addDays, shanghaiClock } from '../datasets/dates.ts';
import { expectedTimes } from './expected-times.ts';

/**
 *   in        the latest time that should be there is
 *   due       all is there, and the next one comes later today; or it comes at no fixed time
 *   late      one is published and not in, but TuShare may be late, or a schedule asks for it later today
 *   behind    one or more should be in and are not
 *   snapshot  it has no times: a list that is fetched as a whole
 */
export const FRESHNESS_STATES = ['in', 'due', 'late', 'behind', 'snapshot'] as const;
export type FreshnessState = (typeof FRESHNESS_STATES)[number];

export interface Freshness {
  state: FreshnessState;
  /** The latest time that should be there by now; null: none yet, or it has no times. */
  expected: string | null;
  /** When that was published; null: at no fixed time. */
  published_at: number | null;
  /** The latest time that is complete, within the days looked at. */
  latest: string | null;
  /** Expected times after it that are not complete. */
  behind: number;
  /** The next time to come, and when. */
  next: string | null;
  next_at: number | null;
}

/** Days looked at: enough that a long holiday does not hide what is behind; reports and years come seldom. */
const DAYS_LOOKED_AT = 45;
const SELDOM_LOOKED_AT = 500;
const DAY_MS = 86_400_000;

/** The first time that {@link freshnessOf} looks at, as its partitions are named; null: it has no times. */
export function lookedAtSince(dataset: TableDataset, now: Date): string | null {
  const { date } = shanghaiClock(now);
  switch (dataset.fetch.by) {
    case 'trade_date':
    case 'calendar_date':
      return addDays(date, -DAYS_LOOKED_AT);
    case 'period':
      return addDays(date, -SELDOM_LOOKED_AT);
    case 'month':
      return addDays(date, -SELDOM_LOOKED_AT).slice(0, 6);
    case 'year':
      return addDays(date, -SELDOM_LOOKED_AT).slice(0, 4);
    default:
      return null;
  }
}

/**
 * @param open trading days in order
 * @param done times since {@link lookedAtSince} that are complete
 * @param nextSync when a schedule asks for it next; null: none does
 */
export function freshnessOf(
  dataset: TableDataset,
  open: readonly string[],
  done: ReadonlySet<string>,
  nextSync: number | null,
  now: Date,
): Freshness {
  const since = lookedAtSince(dataset, now);
  const today = shanghaiClock(now).date;
  const ahead = 'ahead_days' in dataset.fetch ? (dataset.fetch.ahead_days ?? 0) : 0;
  const from = since?.padEnd(8, '01') ?? today;
  const times = expectedTimes(dataset, open, from, addDays(today, ahead), now)?.times;
  const nothing = { expected: null, published_at: null, latest: null, behind: 0, next: null, next_at: null };
  if (since === null || times === undefined) return { ...nothing, state: 'snapshot' };
  const latestAt = times.findLastIndex((time) => done.has(time));
  const expected = times.at(-1) ?? null;
  const behind = times.length - 1 - latestAt;
  const next = nextTime(dataset, open, expected);
  const next_at = publishedAt(dataset, open, next);
  const published_at = publishedAt(dataset, open, expected);
  const state = stateOf(dataset, { behind, published_at, next_at, nextSync, now });
  return { state, expected, published_at, latest: times[latestAt] ?? null, behind, next, next_at };
}

interface Known {
  behind: number;
  published_at: number | null;
  next_at: number | null;
  nextSync: number | null;
  now: Date;
}

function stateOf(
  { published }: TableDataset,
  { behind, published_at, next_at, nextSync, now }: Known,
): FreshnessState {
  if (behind === 0) return next_at !== null && isSameDay(next_at, now) ? 'due' : 'in';
  if (behind > 1) return 'behind';
  if (published_at === null || !published) return 'due';
  const patience = minutesOf(published.late_until ?? published.at) - minutesOf(published.at);
  const isLate = now.getTime() < published_at + patience * 60_000;
  return isLate || (nextSync !== null && isSameDay(nextSync, now)) ? 'late' : 'behind';
}

const isSameDay = (instant: number, now: Date): boolean =>
  shanghaiClock(new Date(instant)).date === shanghaiClock(now).date;

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** The time after this one, of datasets that go by days. */
function nextTime(dataset: TableDataset, open: readonly string[], time: string | null): string | null {
  const { fetch } = dataset;
  if (time === null || !('days' in fetch ? fetch.days === undefined : true)) return null;
  if (fetch.by === 'calendar_date') return addDays(time, 1);
  return fetch.by === 'trade_date' ? (open.find((date) => date > time) ?? null) : null;
}

/** When a day is normally complete; null: at no fixed time. */
function publishedAt(dataset: TableDataset, open: readonly string[], time: string | null): number | null {
  const { published, fetch } = dataset;
  if (!published || time?.length !== 8) return null;
  const later = published.days_later ?? 0;
  const ahead = 'ahead_days' in fetch ? (fetch.ahead_days ?? 0) : 0;
  const day =
    fetch.by === 'trade_date' && later > 0 ? open[open.indexOf(time) + later] : addDays(time, later - ahead);
  if (day === undefined) return null;
  const midnight = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00+08:00`);
  return midnight + (minutesOf(published.at) / 1440) * DAY_MS;
}
