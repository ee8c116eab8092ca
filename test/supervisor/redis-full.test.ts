/** The memory of Redis is full (maxmemory, noeviction): nothing new comes in, and what is there goes on and out. */
import { Redis } from 'ioredis';
import t from 'tap';
import type { Task } from '../../src/queue/task.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('a supervisor dies on a full Redis: its task is taken back, runs and ends', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const env = { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2' };
  const owner = await startSupervisor(t, env);
  const task_id = await submit(queue, 'steady', { params: { steps: 2_000, step_ms: 50 } }); // longer than all of this
  const parked = await submit(queue, 'steady', { params: { steps: 3, step_ms: 50 } });
  const stopped = await submit(queue, 'idles');
  for (const id of [task_id, stopped])
    await until(queue, id, (task) => task.owner !== null && task.status === 'running');
  const other = await startSupervisor(t, env);
  const operator = new Redis(redis.url);
  t.teardown(() => operator.disconnect());
  await operator.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction');
  await t.rejects(submit(queue, 'noop'), /^OOM/, 'it is full');

  await queue.stop(stopped);
  await until(queue, stopped, ({ status }) => status === 'cancelled');
  const before = await queue.get(task_id);
  await owner.kill();
  const isTakenOver = (task: Task) => task.fence !== before?.fence && task.losses === 0 && task.progress > 0;
  const after = await until(queue, task_id, isTakenOver, 30_000);
  t.match(after, { status: 'running', attempt: 0 });
  t.not(after.owner, before?.owner, 'under a new owner, whose steps are stored');
  await queue.stop(task_id);
  await until(queue, task_id, ({ status }) => status === 'cancelled');
  const next = await until(queue, parked, ({ status }) => status === 'completed');
  t.match(next, { records_processed: 3 }, 'the next of its type has its turn, and ends');
  t.strictSame(
    other.log.filter(({ level }) => Number(level) >= 50),
    [],
    'nothing crashed',
  );

  await operator.config('SET', 'maxmemory', '0');
  const roomy = await submit(queue, 'noop');
  t.match(await until(queue, roomy, ({ status }) => status === 'completed'), { attempt: 1 });
});

t.test('the hash of a running task is deleted by hand: the next of its type runs', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2' });
  const task_id = await submit(queue, 'idles');
  await until(queue, task_id, ({ status }) => status === 'running');
  const next = await submit(queue, 'idles');
  const operator = new Redis(redis.url);
  t.teardown(() => operator.disconnect());
  await operator.del(queue.keys.task(task_id));
  await supervisor.logged(
    (line) => line.task_id === task_id && /^the hash of a running task/.test(`${line.msg}`),
  );
  t.match(await until(queue, next, ({ status }) => status === 'running'), { attempt: 0 });
});
