/**
 * The call window: no trailing window ever holds more than the limit of calls, whatever number of processes and
 * threads makes them (design § 5). A permit is a slot of every limit that its call counts for:
 *
 *   closed? ── API's own slots, where documented ── the token's slots ── closed? ── permit ── call ── used()
 *
 * The slots are counted in slot-pool.ts, closures and daily quotas in closures.ts, and window-pulse.ts keeps watch
 * over the state in Redis and over the limits of the other processes.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type Bottleneck from 'bottleneck';
import type { Cluster, Redis } from 'ioredis';
import type { Service } from '../actors/service.ts';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import { inTime } from '../in-time.ts';
import type { Logger } from '../log.ts';
import { type ApiLimits, NO_API_LIMITS } from './api-limits.ts';
import { Askers, type Asking } from './askers.ts';
import { type CallRecord, waitWhenEmpty } from './call-record.ts';
import { Closures } from './closures.ts';
import { TOKEN_POOL } from './limit-keys.ts';
import { type CallAnswer, type Permit, type PermitSource, WindowClosed } from './permit.ts';
import type { Slot } from './slot-pool.ts';
import { USE_WITHIN_MS } from './slot-times.ts';
import { connectWindow } from './window-connection.ts';
import { TOKEN_WITHIN_MS, WindowPools } from './window-pools.ts';
import { type PulseConfig, WindowPulse } from './window-pulse.ts';

export type CallWindowConfig = PulseConfig & Pick<Config, 'TUSHARE_RATE_LIMIT_SCOPE'>;

export interface CallWindowOptions {
  /** Who spends the slots, for people: the supervisor's id. */
  process?: string;
  /** Called at every start; by default no API has limits of its own. @throws ConfigError */
  loadApiLimits?(): Promise<ApiLimits>;
  record?: CallRecord;
  /** For tests: see LONGEST_WAIT_MS. */
  longestWaitMs?: number;
}

/** A wait longer than this answers WindowClosed, so that the thread can do something else (design § 5). */
const LONGEST_WAIT_MS = 90_000;
/** What waits for a person looks again after this, in ms: nobody else can tell when. */
const PERSON_LOOK_MS = 5 * 60_000;
/** How often a closed API is looked at while somebody waits for it: a probe may have reopened it. */
const CLOSED_LOOK_MS = 1_000;
/** How long start() waits for Redis. */
const CONNECT_WITHIN_MS = 10_000;

/** What a started window is made of. */
interface Parts {
  pulse: WindowPulse;
  pools: WindowPools;
  closures: Closures;
  apiLimits: ApiLimits;
}

export class CallWindow implements Service, PermitSource {
  readonly name = 'call-window';
  #redis: Redis | Cluster;
  #config: CallWindowConfig;
  #log: Logger;
  #process: string;
  #loadApiLimits: () => Promise<ApiLimits>;
  #record: CallRecord | undefined;
  #longestWaitMs: number;
  #connection: Bottleneck.IORedisConnection | undefined;
  #parts: Parts | undefined;
  #askers = new Askers();
  #stopped = false;

  /** @param redis any connection to the Redis of the window; it is copied, not used. */
  constructor(
    redis: Redis | Cluster,
    config: CallWindowConfig,
    log: Logger,
    options: CallWindowOptions = {},
  ) {
    this.#redis = redis;
    this.#config = config;
    this.#log = log;
    this.#process = options.process ?? `window-${randomBytes(4).toString('hex')}`;
    this.#loadApiLimits = options.loadApiLimits ?? (async () => NO_API_LIMITS);
    this.#record = options.record;
    this.#longestWaitMs = options.longestWaitMs ?? LONGEST_WAIT_MS;
  }

  /** Connects and makes this process's limit hold. @throws Error when Redis doesn't answer within 10 s. */
  async start(): Promise<void> {
    if (this.#connection) return;
    this.#stopped = false;
    const apiLimits = await this.#loadApiLimits();
    const { client, connection } = connectWindow(this.#redis, this.#log);
    this.#connection = connection;
    const parts = { process: this.#process, log: this.#log };
    const pulse = new WindowPulse(client, this.#config, {
      ...parts,
      known: this.#parts?.pulse.id ?? '',
      pools: () => pools.general(),
      waitWhenEmpty: () => waitWhenEmpty(this.#record, pulse.times, this.#log),
    });
    const pools = new WindowPools({ ...parts, client, connection, pulse }, this.#config, apiLimits);
    this.#parts = { pulse, pools, closures: new Closures(client, this.#config), apiLimits };
    try {
      const opened = pools
        .patch()
        .then(() => pulse.start())
        .then(() => pools.of(TOKEN_POOL));
      if (!(await inTime(opened, CONNECT_WITHIN_MS, null)))
        throw new Error(`Redis did not answer within ${CONNECT_WITHIN_MS / 1000} s.`);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Waits for a permit, in the order of asking; `interactive` goes before all that are not.
   * @throws WindowClosed when none comes within 90 s, or the window is stopped; the signal's reason when aborted.
   */
  async acquire(
    api_name: string,
    { interactive = false, signal }: { interactive?: boolean; signal?: AbortSignal } = {},
  ): Promise<Permit> {
    signal?.throwIfAborted();
    if (this.#stopped) throw stopping(api_name);
    const patience = {
      signal,
      longestWaitMs: this.#longestWaitMs,
      tooLong: () => this.#waitedTooLong(api_name),
    };
    return await this.#askers.ask(patience, (asking) => this.#permit(api_name, interactive, asking));
  }

  /** Ends at once: waiters are refused, and held slots stay counted in Redis until their expiration. */
  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#stopped = true;
    this.#connection = undefined;
    this.#parts?.pools.stop();
    this.#askers.stopAll(stopping('a call'));
    await this.#parts?.pulse.stop();
    await connection?.disconnect(false);
    this.#parts?.pools.forget();
  }

  async #permit(api_name: string, interactive: boolean, asking: Asking): Promise<Permit> {
    const { pulse } = this.#started;
    await pulse.needed(this.#longestWaitMs + pulse.times.expirationMs(USE_WITHIN_MS + TOKEN_WITHIN_MS));
    for (let again = false; ; again = true) {
      await this.#untilOpen(api_name, asking);
      const slots = await this.#takeSlots(api_name, interactive, again, asking.signal);
      if (!slots) continue;
      const may = await this.#started.closures.count(api_name, this.#started.apiLimits.quotaOf(api_name));
      const use_by = Math.min(...slots.map((slot) => slot.use_by));
      if (may.state === 'open' && !asking.signal.aborted && monotonicMs() < use_by) {
        this.#record?.note();
        return this.#permitOf(api_name, slots, may.probe);
      }
      for (const slot of slots) slot.release('unused');
      asking.signal.throwIfAborted();
    }
  }

  /** Resolves when nothing is known that would refuse the call. @throws WindowClosed when that takes too long */
  async #untilOpen(api_name: string, { signal, until }: Asking): Promise<void> {
    for (;;) {
      const opensInMs = this.#started.pulse.opensInMs;
      if (monotonicMs() + opensInMs > until)
        throw closedFor(api_name, 'Redis had lost what it counted', opensInMs);
      const may = await this.#started.closures.ask(api_name, this.#started.apiLimits.quotaOf(api_name));
      signal.throwIfAborted();
      if (may.state === 'open') return;
      const { closed_for_ms, ask_again_in_ms, reason } = may;
      if (ask_again_in_ms === null) throw closedFor(api_name, reason, PERSON_LOOK_MS);
      if (monotonicMs() + ask_again_in_ms > until)
        throw closedFor(api_name, reason, closed_for_ms ?? PERSON_LOOK_MS);
      await delay(Math.min(ask_again_in_ms + 1, CLOSED_LOOK_MS), undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    }
  }

  /** A slot of every pool that the call counts for; null when the second one did not come in time. */
  async #takeSlots(
    api_name: string,
    interactive: boolean,
    again: boolean,
    signal: AbortSignal,
  ): Promise<Slot[] | null> {
    const slots: Slot[] = [];
    try {
      const { pools } = this.#started;
      for (const name of pools.namesFor(api_name)) {
        const pool = await pools.of(name);
        const inTime =
          slots.length === 0 ? signal : AbortSignal.any([signal, AbortSignal.timeout(TOKEN_WITHIN_MS)]);
        slots.push(await pool.take({ interactive, again, signal: inTime }));
      }
      return slots;
    } catch (error) {
      for (const slot of slots) slot.release('unused');
      signal.throwIfAborted();
      if (slots.length === 0) throw error;
      return null;
    }
  }

  #permitOf(api_name: string, slots: Slot[], probe: boolean): Permit {
    let ended = false;
    return {
      use_by: Math.min(...slots.map((slot) => slot.use_by)),
      use_by_wall: Math.min(...slots.map((slot) => slot.use_by_wall)),
      used: (cutShort = false, answer) => {
        if (ended) return;
        ended = true;
        for (const slot of slots) slot.release(cutShort ? 'cut_short' : 'ended');
        if (answer) void this.#heed(api_name, answer, probe);
      },
    };
  }

  /** What TuShare answered closes what it concerns, or reopens what it was the probe of. */
  async #heed(api_name: string, answer: CallAnswer, probe: boolean): Promise<void> {
    if (this.#stopped) return;
    const { closures } = this.#started;
    try {
      if (answer !== 'answered') {
        const closure = await closures.refused(api_name, answer, probe);
        if (closure)
          this.#log.error({ closure }, `call window: ${closure.scope} is closed: ${closure.reason}`);
      } else if (probe && (await closures.reopen(api_name))) {
        this.#log.info({ api_name }, 'call window: TuShare answers again, the API is open');
      }
    } catch (error) {
      this.#log.error({ err: error, api_name }, 'call window: Redis did not take what TuShare answered');
    }
  }

  get #started(): Parts {
    if (!this.#parts) throw new Error('The call window is not started.');
    return this.#parts;
  }

  #waitedTooLong(api_name: string): WindowClosed {
    const seconds = this.#longestWaitMs / 1000;
    const until = Date.now() + this.#config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000;
    return new WindowClosed(`No permit for ${api_name} within ${seconds} s.`, until);
  }
}

function closedFor(api_name: string, reason: string, ms: number): WindowClosed {
  return new WindowClosed(`No permit for ${api_name}: ${reason}.`, Date.now() + ms);
}

function stopping(api_name: string): WindowClosed {
  return new WindowClosed(`No permit for ${api_name}: this process is stopping.`, Date.now());
}
