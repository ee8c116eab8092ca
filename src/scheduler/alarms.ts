/**
 * Loud silence: what goes wrong with scheduled jobs is told, in the log and to the webhook. A failed run at once; a job
 * without a success for days, and a trade calendar that comes to its end, once a day in the whole cluster, which a key
 * in Redis remembers; and in the log of every leader when it begins.
 */
import type { Logger } from '../log.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import type { Ended } from './execution-log.ts';
import type { LiveSchedule } from './load.ts';
import { inWords, silenceOf } from './silence.ts';
import type { AlarmEvent, Webhook } from './webhook.ts';

const DAY_MS = 86_400_000;
/** Days of trade calendar below which it is time: TuShare has the next year's in December. */
export const CALENDAR_DAYS_AT_LEAST = 30;

export interface AlarmParts {
  redis: QueueRedis;
  /** REDIS_KEY_PREFIX */
  prefix: string;
  /** SCHEDULE_SILENT_DAYS */
  silentDays: number;
  webhook: Webhook;
  log: Logger;
}

export class Alarms {
  readonly #parts: AlarmParts;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  /** A run has ended. */
  ended({ job_id, task_id, status, error_message }: Ended): void {
    if (status === 'FAILED') this.failed(job_id, task_id, error_message ?? '');
  }

  /** A run has failed, or was refused. */
  failed(job_id: string, task_id: string, error_message: string): void {
    this.#parts.log.warn({ job_id, task_id, error_message }, 'a scheduled job failed');
    void this.#tell({ event: 'job_failed', job_id, task_id, message: `${job_id} failed: ${error_message}` });
  }

  /** Moments were missed, and are not made up for. */
  missed(job_id: string, count: number): void {
    const message = `${job_id} was not run ${count} times: nothing ran when it was due.`;
    void this.#tell({ event: 'job_missed', job_id, message });
  }

  /**
   * Looks at all jobs and the calendar. What is wrong is logged once a day, and told to the webhook.
   * @param aloud log it in any case: this process has just begun to lead
   * @param calendarDays days of trade calendar that are left; null: there is no calendar yet
   */
  async look(
    schedules: readonly LiveSchedule[],
    successes: ReadonlyMap<string, number>,
    calendarDays: number | null,
    now: number,
    aloud: boolean,
  ): Promise<void> {
    for (const schedule of schedules) {
      const { job_id } = schedule.config;
      const silence = silenceOf(schedule, successes.get(job_id), now, this.#parts.silentDays);
      if (silence.silent)
        await this.#daily({ event: 'job_silent', job_id, message: inWords(silence) }, aloud);
    }
    if (calendarDays === null || calendarDays >= CALENDAR_DAYS_AT_LEAST) return;
    const message = `The trade calendar ends in ${calendarDays} days: run \`dayline submit trade_cal\`.`;
    await this.#daily({ event: 'calendar_ends', job_id: null, message }, aloud);
  }

  async #daily(alarm: Omit<AlarmEvent, 'at'>, aloud: boolean): Promise<void> {
    const { redis, prefix, log } = this.#parts;
    const key = `{${prefix}}:scheduler:told:${alarm.event}:${alarm.job_id ?? ''}`;
    const first = (await redis.set(key, '1', 'PX', DAY_MS, 'NX')) === 'OK';
    if (first || aloud) log.warn({ code: alarm.event, job_id: alarm.job_id }, alarm.message);
    if (!first) return;
    // One that was not delivered is told again at the next look.
    void this.#tell(alarm).then((taken) => (taken ? undefined : redis.del(key).catch(() => {})));
  }

  #tell(alarm: Omit<AlarmEvent, 'at'>): Promise<boolean> {
    return this.#parts.webhook.send({ ...alarm, at: new Date().toISOString() });
  }
}
