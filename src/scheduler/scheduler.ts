/**
 * The scheduler of a supervisor. All supervisors have one; the one that holds the lock leads, and once a second it
 * reads the schedules, decides what is due, enqueues it, and looks what became of earlier runs. It keeps nothing
 * between two seconds: a change of a schedule needs no message, and whoever leads next goes on where this one ended.
 *
 *   standby ──lock──▶ leading ──▶ read · decide · enqueue · follow ──a second, or the next moment──▶ again
 *      ▲                 │
 *      └──lock lost, Redis or Postgres away: told once, tried again
 *
 * Like the auditor it never crashes its supervisor: schedules that wait must not end tasks that run.
 */
import { Actor } from '../actors/actor.ts';
import { Stopped, stopSignal } from '../actors/stop-signal.ts';
import { monotonicMs } from '../clock.ts';
import type { TypeLocks } from '../limits/type-locks.ts';
import { openStore } from '../store/store.ts';
import { Desk, type DeskParts } from './desk.ts';
import { isQueueUnavailable } from './firing.ts';
import { LeaderSign } from './leader-sign.ts';
import { Leadership } from './leadership.ts';
import { Outage } from './outage.ts';

/** Between two looks, in ms, so that a change takes effect within 2 s. */
const LOOK_EVERY_MS = 1_000;
/** After trouble with Postgres, in ms: short, since it is noticed by nothing else. */
const TROUBLE_PAUSE_MS = 2_000;
/** Longest wait for a connection, and for a statement, in ms: shorter than a lock's life would be of no use. */
const POSTGRES_TIMEOUT_MS = 5_000;
export interface SchedulerParts extends DeskParts {
  supervisor_id: string;
  locks: Pick<TypeLocks, 'acquire'>;
}

export class Scheduler extends Actor<'look'> {
  readonly name = 'scheduler';
  readonly #parts: SchedulerParts;
  readonly #leadership: Leadership;
  readonly #sign: LeaderSign;
  readonly #outage: Outage;
  #desk: Desk | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopped = stopSignal();
  #leading = false;
  /** The queue is away, so that nothing can be noted there. */
  #queueAway = false;

  constructor(parts: SchedulerParts) {
    super();
    this.#parts = parts;
    this.#leadership = new Leadership(parts.locks);
    this.#sign = new LeaderSign(parts.redis, parts.config.REDIS_KEY_PREFIX);
    this.#outage = new Outage(parts.redis, parts.config.REDIS_KEY_PREFIX);
  }

  protected override async starting(): Promise<void> {
    const { config, supervisor_id, log } = this.#parts;
    this.#stopped = stopSignal();
    if (!config.DATABASE_URL) {
      log.warn('DATABASE_URL is not set: this supervisor follows no schedules');
      return;
    }
    const applicationName = `dayline:scheduler:${supervisor_id}`;
    const store = openStore(config, { applicationName, timeoutMs: POSTGRES_TIMEOUT_MS });
    this.#desk = new Desk(this.#parts, store, () => this.#leadership.held && this.#desk !== undefined);
  }

  protected override started(): void {
    if (this.#desk) this.tell('look');
  }

  protected override async stopping(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopped.reject(new Stopped());
    const desk = this.#desk;
    this.#desk = undefined;
    await this.#leadership.resign();
    // Not awaited: a frozen Postgres would hold up the shutdown.
    desk
      ?.close()
      .catch((error) => this.#parts.log.debug({ err: error }, 'the scheduler left without a word'));
  }

  protected override async handle(): Promise<void> {
    clearTimeout(this.#timer);
    let pause = TROUBLE_PAUSE_MS;
    try {
      pause = await Promise.race([this.#look(), this.#stopped.promise]);
    } catch (error) {
      if (error instanceof Stopped) return;
      await this.#failed(error);
      this.#leading = false;
      await this.#leadership.resign(); // another supervisor may reach what this one can't
    }
    if (this.#desk) this.#timer = setTimeout(() => this.tell('look'), pause);
  }

  /** @returns the pause until the next look, in ms */
  async #look(): Promise<number> {
    const desk = this.#desk;
    if (!desk || !(await this.#leads(desk))) return LOOK_EVERY_MS;
    const began = monotonicMs();
    const now = await this.#sign.show(this.#parts.supervisor_id);
    const next = await desk.look(now);
    await this.#worked();
    const untilNext = next === null ? LOOK_EVERY_MS : next - now - (monotonicMs() - began);
    return Math.max(1, Math.min(LOOK_EVERY_MS, untilNext));
  }

  async #leads(desk: Desk): Promise<boolean> {
    if (!(await this.#leadership.seek())) {
      this.#leading = false;
      return false;
    }
    if (!this.#leading) {
      await desk.open();
      this.#leading = true;
      this.#parts.log.info('this supervisor leads: it fires the schedules');
    }
    return true;
  }

  /** R72: told once for each outage, and tried again until it works. */
  async #failed(error: unknown): Promise<void> {
    const { redis, log } = this.#parts;
    // Both report a refused connection in the same words.
    if (redis.status !== 'ready' || isQueueUnavailable(error)) return this.#tellQueueAway(error);
    const first = await this.#outage.noted(Date.now()).catch((noteError) => this.#tellQueueAway(noteError));
    log[first ? 'error' : 'debug']({ err: error }, 'schedules wait: Postgres can not be used');
  }

  #tellQueueAway(error: unknown): void {
    if (!this.#queueAway) this.#parts.log.warn({ err: error }, 'schedules wait: the queue is away');
    this.#queueAway = true;
  }

  async #worked(): Promise<void> {
    const { log } = this.#parts;
    const since = await this.#outage.over();
    if (since === null && !this.#queueAway) return;
    this.#queueAway = false;
    const after_seconds = since === null ? null : Math.round((Date.now() - since) / 1000);
    log.info({ after_seconds }, 'schedules are followed again');
  }
}
