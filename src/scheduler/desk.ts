/** What a leader does, once a second: read the schedules, decide, enqueue, follow; and now and then what can wait. */
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Queue } from '../queue/queue.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import type { Task } from '../queue/task.ts';
import type { Store } from '../store/store.ts';
import { Alarms } from './alarms.ts';
import { ExecutionLog } from './execution-log.ts';
import { ExecutionTracker } from './execution-tracker.ts';
import { Firer } from './firing.ts';
import { type Firing, Firings } from './firings.ts';
import { JobConfigs } from './job-configs.ts';
import { type LiveSchedule, ScheduleLoader } from './load.ts';
import type { JobRegistry } from './registry.ts';
import { Webhook } from './webhook.ts';

const FIND_RETRIES_EVERY_MS = 10_000;
const ALARMS_EVERY_MS = 600_000;
const PRUNE_EVERY_MS = 3_600_000;
const PRUNED_AT_ONCE = 1_000;

/** What the scheduler is told of the market, of which it knows nothing itself. */
export interface TradingDays {
  /** The day of an instant (ms since the epoch) as YYYYMMDD, when the exchange is closed on it; else null. */
  closedDay(store: Store, at: number): Promise<string | null>;
  /** Days of trade calendar after today; null: there is none yet. */
  daysLeft(store: Store, now: number): Promise<number | null>;
}

export interface DeskParts {
  config: Config;
  redis: QueueRedis;
  queue: Pick<Queue, 'getMany'>;
  registry: JobRegistry;
  tradingDays: TradingDays;
  /** What a run brought, from the database. */
  reportOf(store: Store, task: Task): Promise<Record<string, unknown> | null>;
  log: Logger;
}

export class Desk {
  readonly #parts: DeskParts;
  readonly #store: Store;
  readonly #configs: JobConfigs;
  readonly #executions: ExecutionLog;
  readonly #firings: Firings;
  readonly #firer: Firer;
  readonly #tracker: ExecutionTracker;
  readonly #alarms: Alarms;
  readonly #webhook: Webhook;
  readonly #loader: ScheduleLoader;
  #findRetriesAt = 0;
  #alarmsAt = 0;
  #pruneAt = 0;
  #aloud = true;

  /**
   * @param store closed with the desk
   * @param leads whether this process still leads
   */
  constructor(parts: DeskParts, store: Store, leads: () => boolean) {
    const { config, redis, queue, registry, log } = parts;
    this.#parts = parts;
    this.#store = store;
    this.#configs = new JobConfigs(store);
    this.#firings = new Firings(store);
    this.#executions = new ExecutionLog(store);
    this.#loader = new ScheduleLoader(registry, log);
    this.#webhook = new Webhook(config, log);
    const { REDIS_KEY_PREFIX: prefix, SCHEDULE_SILENT_DAYS: silentDays } = config;
    const alarms = new Alarms({ redis, prefix, silentDays, webhook: this.#webhook, log });
    this.#alarms = alarms;
    const tables = { firings: this.#firings, log: this.#executions, logger: log };
    this.#firer = new Firer({
      ...tables,
      queue,
      leads,
      onMissed: (job_id, count) => alarms.missed(job_id, count),
      onRefused: ({ job_id, task_id }, message) => alarms.failed(job_id, task_id, message),
    });
    this.#tracker = new ExecutionTracker({
      ...tables,
      queue,
      store,
      reportOf: (task, firing) => this.#report(task, firing),
      onEnd: (end) => alarms.ended(end),
    });
  }

  /** This process has begun to lead. */
  async open(): Promise<void> {
    await this.#tracker.closeInterrupted();
    this.#aloud = true;
    this.#alarmsAt = 0;
  }

  /**
   * One look at everything.
   * @param now ms since the epoch, by the clock of Redis
   * @returns when the next moment of any schedule comes; null: none is in sight
   */
  async look(now: number): Promise<number | null> {
    const schedules = this.#loader.load(await this.#configs.getAllEnabled());
    const next = await this.#firer.decide(schedules, now);
    await this.#firer.enqueue(schedules, now);
    await this.#tracker.look();
    await this.#nowAndThen(schedules, now);
    return next;
  }

  async close(): Promise<void> {
    this.#webhook.stop();
    await this.#store.close();
  }

  async #nowAndThen(schedules: readonly LiveSchedule[], now: number): Promise<void> {
    const clock = monotonicMs();
    if (clock >= this.#findRetriesAt) {
      await this.#tracker.findRetries();
      this.#findRetriesAt = clock + FIND_RETRIES_EVERY_MS;
    }
    if (clock >= this.#alarmsAt) {
      const successes = await this.#executions.lastSuccesses();
      const daysLeft = await this.#parts.tradingDays.daysLeft(this.#store, now);
      await this.#alarms.look(schedules, successes, daysLeft, now, this.#aloud);
      this.#aloud = false;
      this.#alarmsAt = clock + ALARMS_EVERY_MS;
    }
    const days = this.#parts.config.HISTORY_RETENTION_DAYS;
    if (clock >= this.#pruneAt && days > 0) {
      await this.#firings.prune(days, PRUNED_AT_ONCE);
      await this.#executions.prune(days, PRUNED_AT_ONCE);
      this.#pruneAt = clock + PRUNE_EVERY_MS;
    }
  }

  /** A job that has nothing to fetch on a closed day says so, so that 0 rows do not look like a fault. */
  async #report(task: Task, { job_id, due_at }: Firing): Promise<Record<string, unknown> | null> {
    const { registry, reportOf, tradingDays, log } = this.#parts;
    const report = await reportOf(this.#store, task);
    if (!registry.get(job_id)?.skips_closed_days) return report;
    const closed_day = await tradingDays.closedDay(this.#store, due_at);
    if (closed_day === null) return report;
    log.info({ job_id, closed_day }, 'the exchange was closed that day: nothing new was to be fetched');
    return { ...report, closed_day };
  }
}
