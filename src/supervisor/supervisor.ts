/**
 * A supervisor process: the tree of actors that claims tasks, runs them in threads, keeps their leases and ends
 * cleanly. Any number of them work side by side; none is special.
 */
import { randomBytes } from 'node:crypto';
import type { Crash, Service } from '../actors/service.ts';
import { Supervision } from '../actors/supervision.ts';
import type { Config } from '../config.ts';
import { loadCatalogue } from '../datasets/own-datasets.ts';
import { ConfigError } from '../errors.ts';
import { inTime } from '../in-time.ts';
import { apiLimits } from '../limits/api-limits.ts';
import { CallWindow } from '../limits/call-window.ts';
import { TypeLocks } from '../limits/type-locks.ts';
import type { Logger } from '../log.ts';
import type { QueueAccess } from '../queue/access.ts';
import { AuditList } from '../queue/audit-list.ts';
import { CallCount } from '../queue/call-count.ts';
import { Queue } from '../queue/queue.ts';
import { openRedisOf, untilReady } from '../queue/redis.ts';
import { careUnknown, careWarnings, redisCare } from '../queue/redis-care.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import type { JobRegistry } from '../scheduler/registry.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { CallTimes } from '../store/call-times.ts';
import { reportOf } from '../store/run-report.ts';
import { calendarDaysLeft, closedDay } from '../store/trade-calendar.ts';
import { syncJobRegistry } from '../sync/scheduled-jobs.ts';
import { Auditor } from './auditor.ts';
import { DoorbellListener } from './doorbell-listener.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { LeaseWatch } from './lease-watch.ts';
import { LockKeeper } from './lock-keeper.ts';
import { Puller } from './puller.ts';
import { Reaper } from './reaper.ts';
import { RedisClock } from './redis-clock.ts';
import { describeSelf } from './self.ts';
import { TaskRuns } from './task-runs.ts';
import { ThreadPool } from './thread-pool.ts';

/** On SIGTERM runs may reach a safe point for this long; Heroku kills after 30 s. In ms. */
const PAUSE_WITHIN_MS = 15_000;
/** Threads that were killed must have left their tasks, and the queue been told, within this. In ms. */
const TELL_WITHIN_MS = 7_000;
/** How long a start waits for Redis, in ms; after that the process exits and its dyno starts it again. */
const REDIS_WITHIN_MS = 30_000;

export class Supervisor implements Service {
  readonly name = 'supervisor';
  readonly id: string;
  #redis: QueueRedis;
  #queue: Queue;
  #puller: Puller;
  #runs = new TaskRuns();
  #tree: Supervision;
  #log: Logger;
  #stopping: Promise<void> | undefined;

  /**
   * @param jobs what can be scheduled: the six of the contract unless a test has its own
   * @throws ConfigError when the queue is turned off or Redis is not named.
   */
  constructor(config: Config, log: Logger, jobs?: (access: QueueAccess) => JobRegistry) {
    if (!config.REDIS_ENABLED)
      throw new ConfigError('REDIS_ENABLED is false: a supervisor has nothing to work for');
    if (!config.REDIS_URL)
      throw new ConfigError('REDIS_URL is not set: a supervisor needs the Redis of the queue');
    this.id = `sup-${randomBytes(4).toString('hex')}`;
    this.#log = log.child({ supervisor_id: this.id });
    this.#redis = openRedisOf(config, { name: `dayline:supervisor:${this.id}` });
    const queue = new Queue(this.#redis, config.REDIS_KEY_PREFIX);
    this.#queue = queue;
    const pool = new ThreadPool(config, this.#log);
    const callTimes = new CallTimes(config, this.id, this.#log);
    const window = new CallWindow(this.#redis, config, this.#log, {
      process: this.id,
      record: callTimes,
      loadApiLimits: async () => apiLimits((await loadCatalogue(config)).all(), config),
    });
    const locks = new TypeLocks(this.#redis, config, this.#log);
    const calls = new CallCount(this.#redis, config.REDIS_KEY_PREFIX);
    const parts = {
      supervisor_id: this.id,
      queue,
      pool,
      locks,
      window,
      retryBaseMs: config.TASK_RETRY_BASE_SECONDS * 1000,
      calls,
      clock: new RedisClock(),
      log: this.#log,
    };
    this.#puller = new Puller(parts, this.#runs);
    const reaper = new Reaper(queue, this.#puller, this.#log);
    const auditor = new Auditor(
      config,
      this.id,
      new AuditList(this.#redis, config.REDIS_KEY_PREFIX),
      this.#log,
    );
    const keeper = new LeaseKeeper({
      ...parts,
      redis: this.#redis,
      runs: this.#runs,
      puller: this.#puller,
      reaper,
      auditor,
      self: describeSelf(config, pool),
    });
    const watch = new LeaseWatch(this.#runs);
    const lockKeeper = new LockKeeper(this.#runs);
    const doorbell = new DoorbellListener(config, { ...parts, puller: this.#puller, keeper });
    const access = { config, redis: this.#redis, queue };
    const scheduler = new Scheduler({
      supervisor_id: this.id,
      ...access,
      locks,
      registry: jobs?.(access) ?? syncJobRegistry(access, () => loadCatalogue(config)),
      reportOf: async (store, task) => reportOf(store, task, await calls.of(task.task_id)),
      tradingDays: { closedDay, daysLeft: calendarDaysLeft },
      log: this.#log,
    });
    const works = [pool, locks, callTimes, window, reaper, watch, lockKeeper, this.#puller];
    this.#tree = new Supervision('root', [...works, auditor, keeper, doorbell, scheduler], this.#log);
  }

  /** Resolves when it takes tasks. @throws Error when Redis can't be reached within 30 s. */
  async start(crash: Crash): Promise<void> {
    await untilReady(this.#redis, REDIS_WITHIN_MS).catch((cause) => {
      const waited = `${REDIS_WITHIN_MS / 1000} s`;
      throw new ConfigError(
        `Redis did not answer at REDIS_URL for ${waited}: start it, or correct REDIS_URL`,
        { cause },
      );
    });
    await this.#tellCare();
    await this.#tree.start(crash);
    this.#log.info('the supervisor takes tasks');
  }

  /** A Redis that may lose tasks is used all the same, but not in silence. */
  async #tellCare(): Promise<void> {
    const care = await redisCare(this.#redis);
    for (const { code, message } of careWarnings(care)) this.#log.warn({ code }, message);
    for (const what of careUnknown(care))
      this.#log.warn({ code: 'redis_unknown' }, `Redis does not tell ${what}`);
  }

  /**
   * Takes no more tasks, lets what runs pause at a safe point, and hands every task back without using up an
   * attempt. 22 s at the most; what has not ended by then is left to its lease.
   */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#log.info(
      { running: this.#runs.size },
      'the supervisor stops: its tasks pause and go back to the queue',
    );
    const idle = this.#puller
      .stopAccepting()
      .then(() => this.#runs.untilIdle())
      .then(() => true);
    for (const run of this.#runs.all()) run.pause('shutdown');
    if (!(await inTime(idle, PAUSE_WITHIN_MS, false))) {
      for (const run of this.#runs.all()) run.stop('shutdown');
      await inTime(idle, TELL_WITHIN_MS, false);
    }
    await this.#tree.stop();
    // Without Redis it counts as lost within 8 s all the same.
    await this.#queue.leave(this.id).catch((error) => this.#log.debug({ err: error }, 'left without a word'));
    this.#redis.disconnect();
    this.#log.info({ left_to_their_lease: this.#runs.size }, 'the supervisor has stopped');
  }
}
