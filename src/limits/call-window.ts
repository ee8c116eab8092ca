/**
 * The call window: no trailing window ever holds more than the limit of calls, whatever number of processes and
 * threads makes them (design § 5).
 *
 * Bottleneck in clustering mode counts `maxConcurrent` slots in Redis. A permit takes a slot before its call and
 * keeps it until one window after the call ended, so the calls of any trailing window all hold different slots.
 *
 *   slot taken ── permit ── call ── used() ───────── one window ───────── slot free
 *      └────────────────── expiration: Redis frees the slots of dead processes ──────────────────┘
 *
 * Bottleneck only counts slots. Who gets the next one is decided here, by a queue of our own: people before jobs,
 * first come first served among equals, and whoever stops waiting leaves the queue without using a slot.
 */
import Bottleneck from 'bottleneck';
import { type Cluster, Redis } from 'ioredis';
import type { Service } from '../actors/service.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { patchBottleneck } from './bottleneck-patches.ts';
import { type Permit, type PermitSource, WindowClosed } from './permit.ts';
import { SlotTimes } from './slot-times.ts';
import { type WindowUsage, windowId, windowUsage } from './window-usage.ts';

type CallWindowConfig = Pick<
  Config,
  | 'REDIS_KEY_PREFIX'
  | 'TUSHARE_RATE_LIMIT_MAX_CALLS'
  | 'TUSHARE_RATE_LIMIT_WINDOW_SECONDS'
  | 'TUSHARE_HTTP_TIMEOUT_SECONDS'
>;

interface Waiter {
  api_name: string;
  grant(permit: Permit): void;
  refuse(error: Error): void;
}

/** A slot that this process holds in Redis. */
interface Slot {
  permit: Permit;
  /** Gives the slot back: to Bottleneck, and so to Redis when the connection is still there. */
  free(): void;
}

/** A wait longer than this answers WindowClosed, so that the thread can do something else (design § 5). */
export const LONGEST_WAIT_MS = 90_000;
/** Bottleneck tells others of slots freed by expiration only with a command; 5,000 by default is 5 s of idling. */
const HEARTBEAT_MS = 250;
/** How long start() waits for Redis. */
const CONNECT_WITHIN_MS = 10_000;
/** Pause before slots are asked for again after Redis refused to queue the wish. */
const ASK_AGAIN_MS = 1_000;

export class CallWindow implements Service, PermitSource {
  readonly name = 'call-window';
  #redis: Redis | Cluster;
  #config: CallWindowConfig;
  #log: Logger;
  #times: SlotTimes;
  #connection: Bottleneck.IORedisConnection | undefined;
  #limiter: Bottleneck | undefined;
  #stopped = false;

  /** Both in the order of asking; Sets, because anybody may leave from the middle. */
  #people = new Set<Waiter>();
  #jobs = new Set<Waiter>();
  #held = new Set<Slot>();
  /** Wishes for a slot that lie with Bottleneck; at least one for every waiter. */
  #wishes = 0;
  #wishNumber = 0;
  /** Wish → a moment certainly before Redis counted its slot, by the monotonic clock. */
  #countedAfter = new Map<string, number>();

  /** @param redis any connection to the Redis of the window; it is copied, not used. */
  constructor(redis: Redis | Cluster, config: CallWindowConfig, log: Logger) {
    this.#redis = redis;
    this.#config = config;
    this.#log = log;
    this.#times = new SlotTimes(config);
  }

  /** Connects and makes this process's limit hold. @throws Error when Redis doesn't answer within 10 s. */
  async start(): Promise<void> {
    if (this.#connection) return;
    this.#stopped = false;
    const client = this.#ownClient();
    const connection = new Bottleneck.IORedisConnection({ client, Redis });
    this.#connection = connection;
    try {
      this.#tellOutages(connection, client);
      await within(CONNECT_WITHIN_MS, patchBottleneck(connection));
      await within(CONNECT_WITHIN_MS, this.#makeLimiter(connection));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Waits for a permit, in the order of asking; `interactive` goes before all that are not.
   * @throws WindowClosed when none comes within 90 s, or the window is stopped; the signal's reason when aborted.
   */
  acquire(
    api_name: string,
    { interactive = false, signal }: { interactive?: boolean; signal?: AbortSignal } = {},
  ): Promise<Permit> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#stopped) throw stopping(api_name);
      const queue = interactive ? this.#people : this.#jobs;
      const leave = () => {
        queue.delete(waiter);
        clearTimeout(patience);
        signal?.removeEventListener('abort', aborted);
      };
      const waiter: Waiter = {
        api_name,
        grant: (permit) => {
          leave();
          resolve(permit);
        },
        refuse: (error) => {
          leave();
          reject(error);
        },
      };
      const aborted = () => waiter.refuse(signal?.reason);
      const patience = setTimeout(() => waiter.refuse(this.#waitedTooLong(api_name)), LONGEST_WAIT_MS);
      signal?.addEventListener('abort', aborted, { once: true });
      queue.add(waiter);
      this.#wishForWaiters();
    });
  }

  /** How full the window is over all processes, and how many wait for it in this one. */
  async usage(): Promise<WindowUsage & { waiting: number }> {
    return { ...(await windowUsage(this.#redis, this.#config)), waiting: this.#waiting };
  }

  /** Ends at once: waiters are refused, and held slots stay counted in Redis until their expiration. */
  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#stopped = true;
    this.#connection = undefined;
    this.#limiter = undefined;
    this.#wishes = 0;
    this.#countedAfter.clear();
    for (const waiter of [...this.#people, ...this.#jobs]) waiter.refuse(stopping(waiter.api_name));
    // Disconnected first: freeing the slots below only ends Bottleneck's timers and can't reach Redis any more.
    await connection?.disconnect(false);
    for (const slot of [...this.#held]) slot.free();
  }

  get #waiting(): number {
    return this.#people.size + this.#jobs.size;
  }

  #ownClient(): Redis | Cluster {
    // Nothing is given up: Bottleneck has one registration under way at a time and would wait for a lost answer for
    // ever. So a wish outlasts a restart of Redis, and waiters have a patience of their own.
    const options = {
      lazyConnect: false,
      enableOfflineQueue: true,
      autoResendUnfulfilledCommands: true,
      maxRetriesPerRequest: null,
    };
    return this.#redis instanceof Redis
      ? this.#redis.duplicate(options)
      : this.#redis.duplicate(undefined, { lazyConnect: false, redisOptions: options });
  }

  /** Both connections report every attempt; one line for an outage and one for its end are enough. */
  #tellOutages(connection: Bottleneck.IORedisConnection, client: Redis | Cluster): void {
    let away = false;
    connection.on('error', (error) => {
      if (!away) this.#log.warn({ err: error }, 'call window: Redis is away; permits wait for it');
      away = true;
    });
    client.on('ready', () => {
      if (away) this.#log.info('call window: Redis is back');
      away = false;
    });
  }

  async #makeLimiter(connection: Bottleneck.IORedisConnection): Promise<void> {
    const maxConcurrent = this.#config.TUSHARE_RATE_LIMIT_MAX_CALLS;
    const limiter = new Bottleneck({
      connection,
      id: windowId(this.#config),
      maxConcurrent,
      heartbeatInterval: HEARTBEAT_MS,
    });
    limiter.on('error', (error) => {
      if (this.#connection === connection) this.#log.warn({ err: error }, 'call window: Bottleneck');
    });
    limiter.on('debug', (message: string, data?: { options?: { id?: string } }) => {
      const wish = data?.options?.id;
      if (wish && message.startsWith('Draining ')) this.#countedAfter.set(wish, monotonicMs());
    });
    await limiter.ready();
    // Bottleneck keeps the settings of whichever process came first; the latest start wins instead.
    await limiter.updateSettings({ maxConcurrent });
    if (this.#connection !== connection) return; // stopped meanwhile
    this.#limiter = limiter;
    this.#wishForWaiters();
  }

  #wishForWaiters(): void {
    while (this.#limiter && this.#wishes < this.#waiting) this.#wish(this.#limiter);
  }

  #wish(limiter: Bottleneck): void {
    this.#wishes += 1;
    const id = `wish-${++this.#wishNumber}`;
    let slot: Slot | undefined;
    let granted = false;
    limiter
      .schedule({ id, expiration: this.#times.expirationMs }, async () => {
        if (this.#limiter !== limiter) return; // stopped meanwhile
        this.#wishes -= 1;
        granted = true;
        await new Promise<void>((free) => {
          slot = this.#grant(id, free);
        });
      })
      .catch((error) => {
        if (this.#limiter !== limiter) return;
        if (granted) return this.#ended(slot, error);
        this.#wishes -= 1;
        this.#countedAfter.delete(id);
        this.#log.warn({ err: error }, 'call window: Redis took no wish for a permit');
        setTimeout(() => this.#wishForWaiters(), ASK_AGAIN_MS).unref();
      });
  }

  /** A slot is ours: to the next waiter, or straight back when nobody waits or it came too late to be used. */
  #grant(wish: string, free: () => void): Slot | undefined {
    const counted = this.#countedAfter.get(wish);
    this.#countedAfter.delete(wish);
    if (counted === undefined) throw new Error('Bottleneck granted a slot without a registration.');
    const use_by = this.#times.useBy(counted);
    const waiter = firstOf(this.#people) ?? firstOf(this.#jobs);
    if (!waiter || monotonicMs() >= use_by) {
      free(); // nobody has seen the permit, so certainly no call was made
      this.#wishForWaiters();
      return undefined;
    }
    const slot = this.#hold(use_by, free);
    waiter.grant(slot.permit);
    return slot;
  }

  #hold(use_by: number, free: () => void): Slot {
    let timer: NodeJS.Timeout | undefined;
    const slot: Slot = {
      permit: {
        use_by,
        used: (cutShort = false) => {
          if (!this.#held.has(slot) || timer) return;
          const { holdMs } = this.#times;
          const ms = cutShort ? this.#times.cutShortHoldMs(use_by, monotonicMs()) : holdMs;
          timer = setTimeout(slot.free, ms);
        },
      },
      free: () => {
        clearTimeout(timer);
        this.#held.delete(slot);
        free();
      },
    };
    this.#held.add(slot);
    return slot;
  }

  /** Bottleneck ended a granted slot by itself, normally because it expired. */
  #ended(slot: Slot | undefined, error: Error): void {
    slot?.free();
    const why = 'its permit was never given back, or this process was frozen';
    this.#log.warn({ reason: error.message }, `call window: a slot has expired: ${why}`);
  }

  #waitedTooLong(api_name: string): WindowClosed {
    const until = Date.now() + this.#config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000;
    return new WindowClosed(`No permit for ${api_name} within ${LONGEST_WAIT_MS / 1000} s.`, until);
  }
}

function firstOf<T>(set: Set<T>): T | undefined {
  return set.values().next().value;
}

function stopping(api_name: string): WindowClosed {
  return new WindowClosed(`No permit for ${api_name}: this process is stopping.`, Date.now());
}

async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`Redis did not answer within ${ms / 1000} s.`)), ms);
  promise.catch(() => {}); // when it loses the race, its end is of no interest
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
