/** Call windows in the test's own process. */
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { type Config, loadConfig } from '../../../src/config.ts';
import { CallWindow, type CallWindowOptions } from '../../../src/limits/call-window.ts';
import { limitKeys, TOKEN_POOL } from '../../../src/limits/limit-keys.ts';
import { type PoolUsage, poolUsage } from '../../../src/limits/window-usage.ts';
import type { Torn } from '../../support/torn.ts';

export interface WindowSettings {
  limit: number;
  windowSeconds: number;
  prefix?: string;
  scope?: 'token' | 'api';
}

export function windowConfig(settings: WindowSettings): Config {
  return loadConfig({
    REDIS_KEY_PREFIX: settings.prefix ?? 'stock',
    TUSHARE_RATE_LIMIT_MAX_CALLS: String(settings.limit),
    TUSHARE_RATE_LIMIT_WINDOW_SECONDS: String(settings.windowSeconds),
    TUSHARE_HTTP_TIMEOUT_SECONDS: '1',
    TUSHARE_RATE_LIMIT_SCOPE: settings.scope ?? 'token',
  });
}

export function connect(t: Torn, url: string): Redis {
  const redis = new Redis(url);
  redis.on('error', () => {}); // tests that stop Redis look at what follows, not at this
  t.teardown(() => redis.disconnect());
  return redis;
}

/** Started, and stopped when the test ends. */
export async function openWindow(
  t: Torn,
  url: string,
  settings: WindowSettings,
  options?: CallWindowOptions,
): Promise<CallWindow> {
  const window = new CallWindow(connect(t, url), windowConfig(settings), pino({ level: 'silent' }), options);
  await window.start();
  t.teardown(() => window.stop());
  return window;
}

/** How full the token's window is, once a process has opened it. */
export async function tokenUsage(t: Torn, url: string, prefix = 'stock'): Promise<PoolUsage> {
  return await poolUsage(connect(t, url), limitKeys(prefix).pool(TOKEN_POOL), 0);
}
