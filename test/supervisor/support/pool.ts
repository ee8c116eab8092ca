/** A real pool of threads, and tasks for it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { loadConfig } from '../../../src/config.ts';
import { createLogger } from '../../../src/log.ts';
import type { ClaimedTask, Priority, TaskParams } from '../../../src/queue/task.ts';
import type { FromThread } from '../../../src/supervisor/line.ts';
import { ThreadPool } from '../../../src/supervisor/thread-pool.ts';
import { FIXTURE_DATASETS } from '../../support/supervisor.ts';

export const POOL_TOKEN = 'token-of-the-tests';

let tasks = 0;
/** A claimed task of a fixture dataset. */
export function poolTask(dataset: string, params: TaskParams = {}, priority: Priority = 1): ClaimedTask {
  const task_id = `00000000-0000-4000-8000-${String(++tasks).padStart(12, '0')}`;
  return {
    task_id,
    dataset,
    mode: 'full',
    job_type: `${dataset}.full`,
    params,
    priority,
    attempt: 0,
    max_attempts: 1,
    fence: 1,
    time_left_ms: 60_000,
    locked: false,
  };
}

/** A pool of threads that must not crash. */
export async function openPool(
  t: Test,
  size: number,
  memoryMb = 256,
  inLineAtMostMs?: number,
): Promise<ThreadPool> {
  const settings = {
    DATASETS_PATH: FIXTURE_DATASETS,
    SUPERVISOR_THREADS: String(size),
    THREAD_MEMORY_MB: String(memoryMb),
    TUSHARE_TOKEN: POOL_TOKEN,
  };
  const pool = new ThreadPool(loadConfig(settings), createLogger('test', 'silent'), inLineAtMostMs);
  await pool.start((error) => t.fail(`the pool must not crash: ${error.message}`));
  t.teardown(() => pool.stop());
  return pool;
}

/** Runs a task. `progressed`: it has told its first progress. */
export function running(pool: ThreadPool, dataset: string, params?: TaskParams, priority?: Priority) {
  const heard: FromThread[] = [];
  const progressed = Promise.withResolvers<void>();
  const run = pool.run({ task: poolTask(dataset, params, priority), supervisor_id: 'test' }, (message) => {
    heard.push(message);
    if (message.type === 'progress') progressed.resolve();
  });
  return { run, progressed: progressed.promise, heard };
}

/** Resolves when the task has said such a thing. */
export async function untilSaid({ heard }: { heard: FromThread[] }, type: FromThread['type']): Promise<void> {
  for (let looks = 0; looks < 2_000 && !heard.some((message) => message.type === type); looks++)
    await delay(5);
}

/** A pool whose first thread has booted, and where nobody waits in vain. */
export async function openPatientPool(t: Test, size: number): Promise<ThreadPool> {
  const pool = await openPool(t, size, 256, 60_000);
  await running(pool, 'noop').run.ended;
  return pool;
}
