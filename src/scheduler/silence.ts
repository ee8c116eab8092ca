/**
 * Loud silence: which jobs have had no success for too long. Pure; instants are ms since the epoch.
 *
 * A job is silent when its last success (for one that never had one, its schedule) is so many days old, and it was due
 * since then: a job that runs once a month is not silent between two runs.
 */
import type { LiveSchedule } from './load.ts';

const DAY_MS = 86_400_000;
/** A run that was due gets this long to succeed before its silence counts. */
const RUN_MS = 3_600_000;

export interface Silence {
  job_id: string;
  /** Days since the last success, one decimal; null: never. */
  days_since_success: number | null;
  /** Days since then, or since it was scheduled. */
  days: number;
  silent: boolean;
}

/** @param silentDays SCHEDULE_SILENT_DAYS; 0: nothing is silent */
export function silenceOf(
  { config, moments }: Pick<LiveSchedule, 'config' | 'moments'>,
  lastSuccess: number | undefined,
  now: number,
  silentDays: number,
): Silence {
  const since = lastSuccess ?? config.scheduled_at.getTime();
  const days = Math.max(0, now - since) / DAY_MS;
  const due = moments.after(since);
  const silent = silentDays > 0 && days >= silentDays && due !== null && due + RUN_MS <= now;
  const rounded = Math.round(days * 10) / 10;
  return {
    job_id: config.job_id,
    days_since_success: lastSuccess === undefined ? null : rounded,
    days: rounded,
    silent,
  };
}

/** For logs and people. */
export function inWords({ job_id, days, days_since_success }: Silence): string {
  return days_since_success === null
    ? `${job_id} has never succeeded, and was scheduled ${days} days ago.`
    : `${job_id} has had no success for ${days} days.`;
}
