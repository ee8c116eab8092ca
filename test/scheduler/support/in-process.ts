/** A scheduler in the test's own process, on real Redis and Postgres, without threads: the test plays the supervisor. */
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { loadConfig } from '../../../src/config.ts';
import { TypeLocks } from '../../../src/limits/type-locks.ts';
import type { Logger } from '../../../src/log.ts';
import { Queue } from '../../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../../src/queue/redis.ts';
import type { QueueRedis } from '../../../src/queue/scripts.ts';
import { Scheduler, type SchedulerParts } from '../../../src/scheduler/scheduler.ts';
import { FIXTURE_DATASETS, type LogLine } from '../../support/supervisor.ts';
import type { Torn } from '../../support/torn.ts';
import { testJobs } from './jobs.ts';

export interface InProcess {
  scheduler: Scheduler;
  queue: Queue;
  redis: QueueRedis;
  locks: TypeLocks;
  /** What it has logged. */
  log: LogLine[];
}

/** Not started yet; stopped when the test ends. */
export async function openScheduler(
  t: Torn,
  redisUrl: string,
  databaseUrl: string,
  more: Partial<SchedulerParts> = {},
  settings: Record<string, string> = {},
): Promise<InProcess> {
  const config = loadConfig({
    REDIS_URL: redisUrl,
    DATABASE_URL: databaseUrl,
    DATASETS_PATH: FIXTURE_DATASETS,
    ...settings,
  });
  const { log, lines } = recorder();
  const redis = openRedis(redisUrl, { name: 'test:scheduler' });
  await untilReady(redis, 5_000);
  const queue = new Queue(redis, config.REDIS_KEY_PREFIX);
  const locks = new TypeLocks(redis, config, log);
  await locks.start();
  const scheduler = new Scheduler({
    supervisor_id: 'sup-test',
    config,
    redis,
    queue,
    locks,
    registry: testJobs({ config, redis, queue }),
    reportOf: async () => null,
    tradingDays: { closedDay: async () => null, daysLeft: async () => null },
    log,
    ...more,
  });
  t.teardown(async () => {
    await scheduler.stop();
    await locks.stop();
    redis.disconnect();
  });
  return { scheduler, queue, redis, locks, log: lines };
}

/** A logger that keeps its lines. */
export function recorder(): { log: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, lines };
}

/** What was logged at WARNING or above. */
export const LEVEL = { warn: 40, error: 50 } as const;

/** Resolves with what was looked for, as soon as it is there. @throws Error after 60 s: a busy machine takes its time */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const end = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`it never came: ${what}`);
    await delay(20);
  }
}

/** For actors that must not crash in a test. */
export function fail(error: Error): never {
  throw error;
}
