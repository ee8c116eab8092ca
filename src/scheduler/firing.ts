/** From schedules to tasks in the queue: decides what is due, and enqueues what is decided. Nothing runs here (R7). */
import { ApiError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import { catchUp, TAKEOVER_MS } from './catch-up.ts';
import type { ExecutionLog } from './execution-log.ts';
import type { Firing, Firings } from './firings.ts';
import type { LiveSchedule } from './load.ts';

const MINUTE_MS = 60_000;

export interface FirerParts {
  queue: Pick<Queue, 'getMany'>;
  firings: Firings;
  log: ExecutionLog;
  logger: Logger;
  /** Whether this process still leads; asked before every step. */
  leads(): boolean;
  /** A firing was refused for good, and stands in the log. Must not throw. */
  onRefused(firing: Firing, message: string): void;
  /** Moments were missed, and are not made up for. Must not throw. */
  onMissed(job_id: string, count: number): void;
}

export class Firer {
  readonly #parts: FirerParts;

  constructor(parts: FirerParts) {
    this.#parts = parts;
  }

  /**
   * Writes down what is due by now, and what was missed.
   * @param now ms since the epoch, by the clock of Redis
   * @returns when the next moment of any schedule comes; null: none is in sight
   */
  async decide(schedules: readonly LiveSchedule[], now: number): Promise<number | null> {
    const { firings, leads } = this.#parts;
    const decidedUntil = await firings.decidedUntil();
    let next: number | null = null;
    for (const schedule of schedules) {
      if (!leads()) break;
      const { config, job, moments } = schedule;
      const decided = Math.max(config.scheduled_at.getTime(), decidedUntil.get(config.job_id) ?? 0);
      const { fire, missed } = catchUp(moments, decided, now, job.grace_minutes * MINUTE_MS);
      if (fire.length + missed.length > 0) {
        const reason = 'no supervisor was there to fire it';
        await firings.decide({ job_id: config.job_id, version: config.version, fire, missed, reason });
        this.#tell(schedule, fire, missed, now);
      }
      const upcoming = moments.after(now);
      if (upcoming !== null && (next === null || upcoming < next)) next = upcoming;
    }
    return next;
  }

  /** Puts the task of every decided firing into the queue, also of those that a dead leader has left. */
  async enqueue(schedules: readonly LiveSchedule[], now: number): Promise<void> {
    const byId = new Map(schedules.map((schedule) => [schedule.config.job_id, schedule]));
    for (const firing of await this.#parts.firings.due()) {
      if (!this.#parts.leads()) return;
      await this.#enqueueOne(firing, byId.get(firing.job_id), now);
    }
  }

  async #enqueueOne(firing: Firing, schedule: LiveSchedule | undefined, now: number): Promise<void> {
    const { firings, logger } = this.#parts;
    if (!schedule) {
      await firings.giveUp(firing, 'missed', 'its schedule was stopped before it was enqueued');
      return;
    }
    const { config, job } = schedule;
    if (await this.#earlierWaits(firing)) {
      const reason = 'the task of an earlier moment had not begun, and does its work too';
      if (await firings.giveUp(firing, 'skipped', reason))
        logger.info(
          { job_id: firing.job_id, due_at: isoOf(firing.due_at) },
          `a firing is skipped: ${reason}`,
        );
      return;
    }
    try {
      await job.submit(config.job_kwargs ?? {}, firing.task_id);
      await firings.setEnqueued(firing);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (!isQueueUnavailable(error)) return this.#refused(firing, error, now);
      if (now - firing.due_at < job.grace_minutes * MINUTE_MS) throw error; // tried again a second later
      logger.warn({ job_id: firing.job_id, err: error }, 'a firing is given up: the queue took it in vain');
      await firings.giveUp(
        firing,
        'missed',
        'the queue was not available for longer than the grace of its job',
      );
    }
  }

  /**
   * Whether a task of this schedule waits since a moment that is more than a minute older (those of one takeover are all
   * fired). Only one that has not begun: one that has may have frozen its plan.
   */
  async #earlierWaits(firing: Firing): Promise<boolean> {
    const { firings, queue } = this.#parts;
    const task_id = await firings.openBefore(firing, TAKEOVER_MS);
    if (task_id === null) return false;
    const [task] = await queue.getMany([task_id]);
    return task?.status === 'pending' && task.started_at === null;
  }

  /** D5: what is refused for good stands in the log with the reason. */
  async #refused(firing: Firing, { code, message }: ApiError, now: number): Promise<void> {
    const { firings, log, logger, onRefused } = this.#parts;
    const { job_id, task_id } = firing;
    const error_message = `${code}: ${message}`;
    logger.error({ job_id, code }, `a scheduled job was refused: ${message}`);
    await log.noteRefused(job_id, task_id, now, error_message);
    if (await firings.giveUp(firing, 'refused', error_message)) onRefused(firing, error_message);
  }

  #tell({ config, job }: LiveSchedule, fire: number[], missed: number[], now: number): void {
    const { logger } = this.#parts;
    const { job_id } = config;
    const [first] = fire;
    if (first !== undefined && first < now - TAKEOVER_MS)
      logger.warn({ job_id, due_at: isoOf(first) }, 'a missed firing is made up for');
    if (missed.length === 0) return;
    // The newest stands for all of them where it is made up for.
    if (fire.length === 0) this.#parts.onMissed(job_id, missed.length);
    logger.warn(
      { job_id, count: missed.length, last_due_at: isoOf(missed.at(-1)), grace_minutes: job.grace_minutes },
      'firings were missed: nothing ran when they were due',
    );
  }
}

const isoOf = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();

/** Whether the gate said that the queue can't be used now. */
export const isQueueUnavailable = (error: unknown): boolean =>
  error instanceof ApiError && error.code === 'QUEUE_UNAVAILABLE';
