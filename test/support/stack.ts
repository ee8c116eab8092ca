/** The real thing for a test: Redis, a migrated database, a simulator process, and the settings that join them. */
import pg from 'pg';
import type { Queue } from '../../src/queue/queue.ts';
import { pgTypes } from '../../src/store/connection.ts';
import { migratedDatabase } from './migrated-database.ts';
import { openTestQueue } from './queue.ts';
import { type FreshRedis, freshRedis } from './redis.ts';
import { type SimulatorClient, simulatorProcess } from './simulator.ts';
import type { Torn } from './torn.ts';

export interface Stack {
  /** For supervisors and web processes of this stack. */
  readonly env: Record<string, string>;
  readonly redis: FreshRedis;
  readonly queue: Queue;
  readonly database: pg.Client;
  readonly simulator: SimulatorClient;
}

/** @param settings more environment variables. @param data recorded data for the simulator; none: generated. */
export async function startStack(t: Torn, settings: Record<string, string>, data?: string): Promise<Stack> {
  const [redis, { url: DATABASE_URL }, simulator] = await Promise.all([
    freshRedis(t),
    migratedDatabase(t, settings.DATASETS_PATH),
    simulatorProcess(t, data),
  ]);
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL,
    TUSHARE_API_URL: simulator.url,
    TUSHARE_TOKEN: 'token-of-the-tests',
    ...settings,
  };
  const database = new pg.Client({ connectionString: DATABASE_URL, types: pgTypes });
  await database.connect();
  t.teardown(() => database.end());
  // a test that runs at 18:00 in Shanghai must not meet a job of the schedules
  await database.query('UPDATE scheduler_job_config SET enabled = false');
  return { env, redis, queue: await openTestQueue(t, redis.url), database, simulator };
}
