import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const BLOCKED_S = 8;

t.test('the second signal ends a process even when a thread sits in a native call', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '1' });
  const task_id = await submit(queue, 'blocks', { params: { seconds: BLOCKED_S } });
  await until(queue, task_id, (task) => task.progress_message === 'about to block');
  const gone = supervisor.stop();
  await delay(2_100); // a second signal counts from 2 s on
  const asked = performance.now();
  supervisor.signal('SIGTERM');
  await gone;
  const took = performance.now() - asked;
  t.ok(took < 2_000, `gone after ${took.toFixed(0)} ms`);
});
