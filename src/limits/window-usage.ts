/** How full the call window is, read from Redis by whoever wants to show it; a process needs no window of its own. */
import type { Cluster, Redis } from 'ioredis';
import type { Config } from '../config.ts';

export interface WindowUsage {
  /** Most calls in any trailing window: what holds in Redis now; before the first process ran, the setting. */
  limit: number;
  window_seconds: number;
  /** Slots that are counted: calls under way, calls of the last window, and those of processes that died. */
  used: number;
  /** Calls that could start at once. */
  free: number;
}

type WindowConfig = Pick<
  Config,
  'REDIS_KEY_PREFIX' | 'TUSHARE_RATE_LIMIT_MAX_CALLS' | 'TUSHARE_RATE_LIMIT_WINDOW_SECONDS'
>;

/** The id under which Bottleneck keeps the window; its hash tag keeps all eight keys in one Cluster slot. */
export function windowId(config: Pick<Config, 'REDIS_KEY_PREFIX'>): string {
  return `{${config.REDIS_KEY_PREFIX}}:call_window`;
}

/**
 * Reads the window without changing it. Every counted slot has an end in `job_expirations`; those whose end is
 * past by the clock of Redis are free, though Bottleneck takes them out only on its next command.
 */
export async function windowUsage(redis: Redis | Cluster, config: WindowConfig): Promise<WindowUsage> {
  const key = `b_${windowId(config)}`;
  const [seconds, micros] = await redis.time();
  const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  const [limitText, used] = await Promise.all([
    redis.hget(`${key}_settings`, 'maxConcurrent'),
    redis.zcount(`${key}_job_expirations`, now, '+inf'),
  ]);
  const limit = limitText ? Number(limitText) : config.TUSHARE_RATE_LIMIT_MAX_CALLS;
  return {
    limit,
    window_seconds: config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS,
    used,
    free: Math.max(0, limit - used),
  };
}
