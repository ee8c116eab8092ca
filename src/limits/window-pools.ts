/** The limits that a call counts for, each a pool of slots, made when the first call asks for it. */
import type Bottleneck from 'bottleneck';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import type { ApiLimits } from './api-limits.ts';
import { patchBottleneck, type ScriptHooks } from './bottleneck-patches.ts';
import { DOCUMENTED_POOL, type LimitsRedis, limitKeys, TOKEN_POOL, WHOLE_POOL } from './limit-keys.ts';
import { SlotPool } from './slot-pool.ts';
import { SlotTimes, USE_WITHIN_MS } from './slot-times.ts';
import type { WindowPulse } from './window-pulse.ts';

/** An API's slot is held for this long while the token's is waited for; then it is given back for others (design § 5). */
export const TOKEN_WITHIN_MS = 10_000;

export interface PoolsParts {
  process: string;
  client: LimitsRedis;
  connection: Bottleneck.IORedisConnection;
  pulse: WindowPulse;
  log: Logger;
}

type PoolsConfig = Pick<
  Config,
  | 'REDIS_KEY_PREFIX'
  | 'TUSHARE_RATE_LIMIT_MAX_CALLS'
  | 'TUSHARE_RATE_LIMIT_WINDOW_SECONDS'
  | 'TUSHARE_RATE_LIMIT_SCOPE'
  | 'TUSHARE_HTTP_TIMEOUT_SECONDS'
>;

export class WindowPools {
  #parts: PoolsParts;
  #config: PoolsConfig;
  #apiLimits: ApiLimits;
  #hooks = new Map<string, ScriptHooks>();
  #pools = new Map<string, { pool: SlotPool; open: Promise<void> }>();

  constructor(parts: PoolsParts, config: PoolsConfig, apiLimits: ApiLimits) {
    this.#parts = parts;
    this.#config = config;
    this.#apiLimits = apiLimits;
  }

  /** Mends the scripts of the connection; before the first pool is made. */
  async patch(): Promise<void> {
    await patchBottleneck(this.#parts.connection, this.#hooks);
  }

  /** The pools an API's calls count for: its own limit first, where it is lower than what holds for all; then that. */
  namesFor(api_name: string): string[] {
    const general = this.#config.TUSHARE_RATE_LIMIT_SCOPE === 'api' ? `${WHOLE_POOL}${api_name}` : TOKEN_POOL;
    const own = this.#apiLimits.windowOf(api_name);
    return own && isLower(own, this.#config) ? [`${DOCUMENTED_POOL}${api_name}`, general] : [general];
  }

  /** The pool of that name, ready to give slots. */
  async of(name: string): Promise<SlotPool> {
    let entry = this.#pools.get(name);
    if (!entry) {
      const pool = isDocumented(name) ? this.#documentedPool(name) : this.#generalPool(name);
      // The pulse sets the limit that holds now, in the settings that Bottleneck has just made.
      const { client, pulse } = this.#parts;
      const beforeSlots = async () => {
        await client.sadd(limitKeys(this.#config.REDIS_KEY_PREFIX).pools, name);
        if (!isDocumented(name)) await pulse.beat();
      };
      entry = { pool, open: pool.open(beforeSlots) };
      this.#pools.set(name, entry);
      entry.open.catch(() => this.#pools.delete(name));
    }
    await entry.open;
    return entry.pool;
  }

  /** Ids of those that have the limit of the token. */
  general(): string[] {
    return [...this.#pools].flatMap(([name, { pool }]) => (isDocumented(name) ? [] : [pool.settings.id]));
  }

  stop(): void {
    for (const { pool } of this.#pools.values()) pool.stop();
  }

  /** After the connection has ended. */
  forget(): void {
    for (const { pool } of this.#pools.values()) pool.forget();
  }

  #generalPool(name: string): SlotPool {
    const { pulse } = this.#parts;
    const limit = this.#config.TUSHARE_RATE_LIMIT_MAX_CALLS;
    return this.#pool(name, { limit, useWithinMs: USE_WITHIN_MS, times: () => pulse.times });
  }

  #documentedPool(name: string): SlotPool {
    const own = this.#apiLimits.windowOf(name.slice(DOCUMENTED_POOL.length));
    if (!own) throw new Error(`No limit is documented for ${name}.`);
    const times = new SlotTimes(own.windowMs, this.#config.TUSHARE_HTTP_TIMEOUT_SECONDS * 1000);
    const useWithinMs = USE_WITHIN_MS + TOKEN_WITHIN_MS;
    return this.#pool(name, { limit: own.calls, useWithinMs, times: () => times });
  }

  #pool(name: string, settings: Omit<SlotPool['settings'], 'id'>): SlotPool {
    const { process, connection, pulse, log } = this.#parts;
    const id = limitKeys(this.#config.REDIS_KEY_PREFIX).pool(name);
    return new SlotPool({ id, ...settings }, { process, connection, hooks: this.#hooks, epoch: pulse, log });
  }
}

const isDocumented = (name: string): boolean => name.startsWith(DOCUMENTED_POOL);

/** Whether a documented limit is lower than what the window lets through in that time. */
function isLower({ calls, windowMs }: { calls: number; windowMs: number }, config: PoolsConfig): boolean {
  const windows = Math.ceil(windowMs / (config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000));
  return calls < config.TUSHARE_RATE_LIMIT_MAX_CALLS * windows;
}
