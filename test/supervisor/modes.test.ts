/** The deadline holds in every mode (R40); a thread that dies costs an attempt, and the task goes on (R50). */
import t from 'tap';
import { TASK_MODES } from '../../src/queue/task.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

async function setUp(t: Parameters<typeof freshRedis>[0]) {
  const { url } = await freshRedis(t);
  const queue = await openTestQueue(t, url);
  await startSupervisor(t, { REDIS_URL: url, SUPERVISOR_THREADS: '2', TASK_RETRY_BASE_SECONDS: '0' });
  return queue;
}

t.test('incremental, backfill, full and history: each fails at its deadline', async (t) => {
  const queue = await setUp(t);
  for (const mode of TASK_MODES) {
    const id = await submit(queue, 'spin', { mode, timeout_seconds: 1 });
    const failed = await until(queue, id, (task) => task.status === 'failed');
    t.match(failed, { job_type: `spin.${mode}`, last_error_type: 'timeout', attempt: 1 });
    t.equal(failed.deadline_at, (failed.started_at ?? 0) + 1_000, mode);
  }
  t.match(await until(queue, await submit(queue, 'noop'), (task) => task.status === 'completed'), {
    attempt: 1,
  });
});

t.test('an exit and a rejection are retried, and the task ends when its attempts are used up', async (t) => {
  const queue = await setUp(t);
  for (const dataset of ['exits', 'rejects']) {
    const id = await submit(queue, dataset, { max_attempts: 3 });
    const failed = await until(queue, id, (task) => task.status === 'failed');
    t.match(failed, { last_error_type: 'thread_crashed', attempt: 3, losses: 0 }, dataset);
  }
  t.match(await queue.depth(), { pending: 0, running: 0 }, 'nothing of it is left behind');
});
