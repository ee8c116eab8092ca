/** What /health says of the schedules: jobs without a success for days, broken rows, a trade calendar at its end. */
import { inTime } from '../in-time.ts';
import { CALENDAR_DAYS_AT_LEAST } from '../scheduler/alarms.ts';
import type { JobRegistry } from '../scheduler/registry.ts';
import { inWords } from '../scheduler/silence.ts';
import { calendarDaysLeft } from '../store/trade-calendar.ts';
import type { Reason } from './health-reasons.ts';
import { type JobState, jobStates, onSchedules } from './schedule-access.ts';
import type { ApiDeps } from './server.ts';

/** Longest wait for Postgres, in ms. */
const TIMEOUT_MS = 1_000;

export interface ScheduleHealth {
  states: JobState[];
  /** Days of trade calendar after today; null: there is none yet. */
  calendar_days_left: number | null;
}

/** null: Postgres does not tell, which has a reason of its own. Never rejects. */
export function scheduleHealth(
  { history, config }: Pick<ApiDeps, 'history' | 'config'>,
  registry: JobRegistry,
): Promise<ScheduleHealth | null> {
  const asked = Promise.all([
    onSchedules(history, (tables) => jobStates(tables, registry, config.SCHEDULE_SILENT_DAYS)),
    history.ask((store) => calendarDaysLeft(store, Date.now())),
  ]).then(
    ([states, calendar_days_left]) => ({ states, calendar_days_left }),
    () => null,
  );
  return inTime(asked, TIMEOUT_MS, null);
}

export function scheduleReasons(health: ScheduleHealth | null): Reason[] {
  if (!health) return [];
  const reasons = health.states.flatMap(({ job_id, config, fault, silence }): Reason[] => {
    if (config?.enabled && fault !== null)
      return [{ code: 'schedule_broken', message: `The schedule of ${job_id} can't be followed: ${fault}.` }];
    return silence?.silent ? [{ code: 'job_silent', message: inWords(silence) }] : [];
  });
  const days = health.calendar_days_left;
  if (days !== null && days < CALENDAR_DAYS_AT_LEAST)
    reasons.push({
      code: 'calendar_ends',
      message: `The trade calendar ends in ${days} days: submit trade_cal.`,
    });
  return reasons;
}
