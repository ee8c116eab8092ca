/** The thread that is kept for high priority stays kept when the high task that used it ends. */
import t from 'tap';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('nothing ordinary is claimed for it, to stand in line and go back', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '3' });
  const runs = (id: string) => until(queue, id, ({ status }) => status === 'running');
  for (const job_type of ['a.full', 'b.full']) await runs(await submit(queue, 'spin', { job_type }));
  const steady = { priority: 0, params: { steps: 3, step_ms: 100 } } as const;
  const high = await submit(queue, 'steady', steady);
  await runs(high);
  const ordinary = await submit(queue, 'noop');
  for (const next of [high, await submit(queue, 'steady', steady)]) {
    await until(queue, next, ({ status }) => status === 'completed');
    // What its end claims is claimed in the script that ends it.
    t.match(await queue.get(ordinary), { status: 'pending', started_at: null, fence: null });
  }
});
