/**
 * When a job is due: by a cron expression in its time zone, or every so many minutes from the moment at which it was
 * scheduled (D16). Nothing here looks at the clock or at the time zone of the process (D17). Instants are ms since
 * the epoch.
 */
import { Cron } from 'croner';

/** Exactly one of cron_expression and interval_minutes. */
export interface Timing {
  /** Five fields, or six with seconds first. */
  cron_expression: string | null;
  interval_minutes: number | null;
  /** IANA name; it counts for cron expressions only. */
  timezone: string;
}

export const SHANGHAI = 'Asia/Shanghai';
/** Longest interval, in minutes: a year. */
export const LONGEST_INTERVAL_MINUTES = 527_040;
const MINUTE_MS = 60_000;

/** Why a schedule can't be followed, for its owner to mend. */
export class TimingFault extends Error {
  override readonly name = 'TimingFault';
}

/** What asks for the moments of a schedule. */
export interface Moments {
  /** The first one after an instant; null: it never comes again. */
  after(instant: number): number | null;
  /** Those later than `from` and not later than `to`: the newest `limit` of them, oldest first. */
  between(from: number, to: number, limit: number): number[];
  /** As APScheduler words it: `cron[0 18 * * *]`, `interval[1:30:00]`. */
  readonly trigger: string;
}

/**
 * @param since when the schedule was made, ms: intervals count from there
 * @throws TimingFault for an expression, zone or interval that can't be followed
 */
export function momentsOf(timing: Timing, since: number): Moments {
  return timing.interval_minutes === null
    ? cronMoments(timing.cron_expression ?? '', timing.timezone)
    : intervalMoments(timing.interval_minutes, since);
}

/** The next `count` moments after an instant. */
export function nextMoments(moments: Moments, instant: number, count: number): number[] {
  const found: number[] = [];
  for (let at = moments.after(instant); at !== null && found.length < count; at = moments.after(at))
    found.push(at);
  return found;
}

function cronMoments(expression: string, timezone: string): Moments {
  const cron = readCron(expression, timezone);
  const after = (instant: number) => cron.nextRun(new Date(instant))?.getTime() ?? null;
  const before = (instant: number) => cron.previousRuns(1, new Date(instant))[0]?.getTime() ?? null;
  return {
    after,
    between(from, to, limit) {
      const found: number[] = [];
      let at = before(to + 1);
      while (at !== null && at > from && found.length < limit) {
        found.unshift(at);
        at = before(at);
      }
      return found;
    },
    trigger: `cron[${expression}]`,
  };
}

/** An expression that no day satisfies (31 February) can't be followed either. */
function readCron(expression: string, timezone: string): Cron {
  try {
    // Without this croner takes the process's own zone for an empty one.
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    const cron = new Cron(expression, { timezone, mode: '5-or-6-parts', paused: true });
    if (cron.nextRun()) return cron;
  } catch (error) {
    throw new TimingFault(`'${expression}' in ${timezone || 'no time zone'}: ${reasonOf(error)}`);
  }
  throw new TimingFault(`'${expression}' is never due`);
}

/** croner names its own classes and, in some messages, a cause with them. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^Cron\w+: /, '').split(' Original error:')[0] as string;
}

function intervalMoments(minutes: number, since: number): Moments {
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_INTERVAL_MINUTES)
    throw new TimingFault(`interval_minutes is ${minutes}, not 1 to ${LONGEST_INTERVAL_MINUTES}`);
  const step = minutes * MINUTE_MS;
  const at = (count: number) => since + count * step;
  const countAt = (instant: number) => Math.floor((instant - since) / step);
  return {
    after: (instant) => at(Math.max(1, countAt(instant) + 1)),
    between(from, to, limit) {
      const last = countAt(to);
      const first = Math.max(1, countAt(from) + 1, last - limit + 1);
      return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => at(first + n));
    },
    trigger: `interval[${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:00]`,
  };
}
