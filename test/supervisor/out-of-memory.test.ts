/** A thread that fills its heap (THREAD_MEMORY_MB) costs its own task and nothing else. */
import t from 'tap';
import type { Task } from '../../src/queue/task.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const isOver = ({ status }: Task) => status === 'completed' || status === 'failed';

t.test('the task fails, its slot is replaced, the neighbour and the supervisor live on', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const env = { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2', THREAD_MEMORY_MB: '64' };
  const supervisor = await startSupervisor(t, env);
  const neighbour = await submit(queue, 'steady', { params: { steps: 10_000, step_ms: 50 } });
  await until(queue, neighbour, ({ progress }) => progress > 0);

  for (let time = 1; time <= 3; time++) {
    const failed = await until(queue, await submit(queue, 'hoards', { max_attempts: 4 }), isOver);
    t.match(failed, {
      status: 'failed',
      last_error_type: 'out_of_memory',
      error_message: /ran out of memory/,
      attempt: 1, // to fill the heap again would help nobody
    });
  }
  const slot = await submit(queue, 'noop');
  t.match(await until(queue, slot, isOver), { status: 'completed' }, 'its slot works');

  const beside = await until(queue, neighbour, ({ progress_message }) => progress_message !== null);
  t.match(beside, { status: 'running', fence: 1, attempt: 0, losses: 0 }, 'the neighbour was not disturbed');
  const waiting = await submit(queue, 'idles');
  await until(queue, waiting, ({ status }) => status === 'running');
  t.match(await queue.get(neighbour), { status: 'running' }, 'both slots are at work');
  const { supervisors } = await queue.crew();
  t.equal(supervisors.length, 1);
  t.match(
    supervisors[0],
    { details: { pid: supervisor.pid, threads: 2 } },
    'one supervisor, the same process',
  );
  t.strictSame(
    supervisor.log.filter(({ level }) => Number(level) >= 50),
    [],
    'nothing in it crashed',
  );
  t.equal(await supervisor.stop(), 0);
});
