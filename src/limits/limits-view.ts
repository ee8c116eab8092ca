/** What limits calls now, read from Redis by whoever wants to show it; nothing is changed, and no window is needed. */
import type { Config } from '../config.ts';
import { type ApiLimits, MINUTE_MS } from './api-limits.ts';
import { type Closure, Closures } from './closures.ts';
import { DOCUMENTED_POOL, type LimitsRedis, limitKeys, TOKEN_POOL, WHOLE_POOL } from './limit-keys.ts';
import { type PoolUsage, poolUsage } from './window-usage.ts';

/** The slots of one limit. */
export interface PoolView extends PoolUsage {
  /** `token`: all calls; `api`: one API's window (scope api); `documented`: its lower limit in TuShare's documentation. */
  kind: 'token' | 'api' | 'documented';
  /** null for the token. */
  api_name: string | null;
  window_seconds: number;
}

export interface QuotaView {
  api_name: string;
  calls_today: number;
  /** Calls a day; null: no quota. */
  quota: number | null;
}

export interface LimitsView {
  scope: 'token' | 'api';
  /** ms until the window opens again after Redis had lost its state; 0: it is open. */
  opens_in_ms: number;
  /** The processes that live and what they were started with. */
  processes: { process: string; max_calls: number; window_seconds: number }[];
  pools: PoolView[];
  closures: Closure[];
  /** Of today in Shanghai. */
  quotas: QuotaView[];
}

type ViewConfig = Pick<
  Config,
  | 'REDIS_KEY_PREFIX'
  | 'TUSHARE_RATE_LIMIT_MAX_CALLS'
  | 'TUSHARE_RATE_LIMIT_WINDOW_SECONDS'
  | 'TUSHARE_RATE_LIMIT_SCOPE'
  | 'TUSHARE_HTTP_TIMEOUT_SECONDS'
>;

export async function readLimits(
  redis: LimitsRedis,
  config: ViewConfig,
  apiLimits: ApiLimits,
): Promise<LimitsView> {
  const keys = limitKeys(config.REDIS_KEY_PREFIX);
  const closures = new Closures(redis, config);
  const [names, processes, opens_at, now, closed, calls] = await Promise.all([
    redis.smembers(keys.pools),
    redis.hgetall(keys.processes),
    redis.hget(keys.epoch, 'opens_at'),
    redis.time(),
    closures.list(),
    closures.callsToday(),
  ]);
  const now_ms = Number(now[0]) * 1000 + Number(now[1]) / 1000;
  const pools = [...new Set([TOKEN_POOL, ...names])].toSorted(tokenFirst);
  return {
    scope: config.TUSHARE_RATE_LIMIT_SCOPE,
    opens_in_ms: Math.max(0, Number(opens_at ?? 0) - now_ms),
    processes: Object.entries(processes)
      .map(([process, text]) => processView(process, text))
      .filter(({ seen_at }) => now_ms - seen_at < ALIVE_MS)
      .map(({ seen_at, ...view }) => view),
    pools: await Promise.all(pools.map((name) => poolView(redis, config, apiLimits, name))),
    closures: closed,
    quotas: Object.entries(calls).map(([api_name, calls_today]) => ({
      api_name,
      calls_today,
      quota: apiLimits.quotaOf(api_name),
    })),
  };
}

/** What stops every call. */
export interface CallStop {
  /** ms until the window opens again after Redis had lost its state; 0: it is open. */
  opens_in_ms: number;
  /** TuShare refuses everything: an IP limit, a ban. */
  all: Closure | null;
}

export async function readCallStop(redis: LimitsRedis, config: ViewConfig): Promise<CallStop> {
  const [opens_at, [seconds, micros], closures] = await Promise.all([
    redis.hget(limitKeys(config.REDIS_KEY_PREFIX).epoch, 'opens_at'),
    redis.time(),
    new Closures(redis, config).list(),
  ]);
  const now_ms = Number(seconds) * 1000 + Number(micros) / 1000;
  return {
    opens_in_ms: Math.max(0, Number(opens_at ?? 0) - now_ms),
    all: closures.find(({ scope }) => scope === 'all') ?? null,
  };
}

/** As in lua/beat.lua. */
const ALIVE_MS = 10_000;

function processView(process: string, text: string) {
  const [max_calls = 0, window_ms = 0, seen_at = 0] = text.split(':').map(Number);
  return { process, max_calls, window_seconds: window_ms / 1000, seen_at };
}

async function poolView(
  redis: LimitsRedis,
  config: ViewConfig,
  apiLimits: ApiLimits,
  name: string,
): Promise<PoolView> {
  const id = limitKeys(config.REDIS_KEY_PREFIX).pool(name);
  const seconds = config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS;
  const general = { usage: await poolUsage(redis, id, config.TUSHARE_RATE_LIMIT_MAX_CALLS), seconds };
  if (name === TOKEN_POOL)
    return { kind: 'token', api_name: null, window_seconds: general.seconds, ...general.usage };
  const kind = name.startsWith(DOCUMENTED_POOL) ? 'documented' : 'api';
  const api_name = name.slice((kind === 'documented' ? DOCUMENTED_POOL : WHOLE_POOL).length);
  const documentedMs = apiLimits.windowOf(api_name)?.windowMs ?? MINUTE_MS;
  const window_seconds = kind === 'documented' ? documentedMs / 1000 : seconds;
  return { kind, api_name, window_seconds, ...general.usage };
}

function tokenFirst(a: string, b: string): number {
  return Number(b === TOKEN_POOL) - Number(a === TOKEN_POOL) || a.localeCompare(b);
}
