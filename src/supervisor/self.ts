/** What a supervisor says of itself in every tick. */
import { hostname } from 'node:os';
import type { Config } from '../config.ts';
import type { SupervisorDetails } from '../queue/supervisors.ts';
import { VERSION } from '../version.ts';
import type { ThreadPool } from './thread-pool.ts';

export function describeSelf(config: Config, pool: ThreadPool): () => SupervisorDetails {
  const started_at = Date.now();
  return () => ({
    pid: process.pid,
    host: hostname(),
    version: VERSION,
    started_at,
    threads: pool.size,
    killed_threads: pool.killed,
    max_calls: config.TUSHARE_RATE_LIMIT_MAX_CALLS,
    window_seconds: config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS,
  });
}
