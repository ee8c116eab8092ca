/** The actors of a supervisor around real Redis, in the test's own process, so that a test can tell them things. */
import { loadConfig } from '../../../src/config.ts';
import { CallWindow } from '../../../src/limits/call-window.ts';
import { TypeLocks } from '../../../src/limits/type-locks.ts';
import { createLogger } from '../../../src/log.ts';
import { AuditList } from '../../../src/queue/audit-list.ts';
import { CallCount } from '../../../src/queue/call-count.ts';
import { Queue } from '../../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../../src/queue/redis.ts';
import { Auditor } from '../../../src/supervisor/auditor.ts';
import { LeaseKeeper } from '../../../src/supervisor/lease-keeper.ts';
import { LeaseWatch } from '../../../src/supervisor/lease-watch.ts';
import { LockKeeper } from '../../../src/supervisor/lock-keeper.ts';
import { Puller } from '../../../src/supervisor/puller.ts';
import { Reaper } from '../../../src/supervisor/reaper.ts';
import { RedisClock } from '../../../src/supervisor/redis-clock.ts';
import { describeSelf } from '../../../src/supervisor/self.ts';
import { TaskRuns } from '../../../src/supervisor/task-runs.ts';
import { ThreadPool } from '../../../src/supervisor/thread-pool.ts';
import { FIXTURE_DATASETS } from '../../support/supervisor.ts';
import type { Torn } from '../../support/torn.ts';

/** Pool and locks are started; all others are for the test to start. */
export async function openCrew(t: Torn, redisUrl: string, settings: Record<string, string> = {}) {
  const config = loadConfig({ DATASETS_PATH: FIXTURE_DATASETS, SUPERVISOR_THREADS: '2', ...settings });
  const log = createLogger('test', 'silent');
  const redis = openRedis(redisUrl, { name: 'test:crew' });
  await untilReady(redis, 5_000);
  const queue = new Queue(redis, config.REDIS_KEY_PREFIX);
  const pool = new ThreadPool(config, log);
  const locks = new TypeLocks(redis, config, log);
  const window = new CallWindow(redis, config, log);
  const calls = new CallCount(redis, config.REDIS_KEY_PREFIX);
  const clock = new RedisClock();
  const parts = { supervisor_id: 'sup-test', queue, pool, locks, window, retryBaseMs: 0, calls, clock, log };
  const runs = new TaskRuns();
  const puller = new Puller(parts, runs);
  const reaper = new Reaper(queue, puller, log);
  const auditor = new Auditor(config, 'sup-test', new AuditList(redis, config.REDIS_KEY_PREFIX), log);
  const keeper = new LeaseKeeper({
    ...parts,
    redis,
    runs,
    puller,
    reaper,
    auditor,
    self: describeSelf(config, pool),
  });
  const lockKeeper = new LockKeeper(runs);
  const watch = new LeaseWatch(runs);
  t.teardown(async () => {
    for (const service of [watch, lockKeeper, keeper, puller, reaper, locks, pool]) await service.stop();
    redis.disconnect();
  });
  await pool.start(fail);
  await locks.start();
  return { redis, queue, runs, puller, reaper, keeper, lockKeeper, watch };
}

/** For actors that must not crash in a test. */
export function fail(error: Error): never {
  throw error;
}
