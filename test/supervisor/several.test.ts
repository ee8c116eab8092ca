/** Several supervisor processes share one queue: no task runs twice, and a retry goes to whoever is there (R3, R28). */
import t from 'tap';
import type { Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { openTestQueue, submit, taskOf, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('120 tasks and three supervisors: each task is claimed once, and all take part', async (t) => {
  const server = await freshRedis(t);
  const queue = await openTestQueue(t, server.url);
  const env = { REDIS_URL: server.url, SUPERVISOR_THREADS: '2' };
  await Promise.all([1, 2, 3].map(() => startSupervisor(t, env)));
  const params = { steps: 1, step_ms: 20 };
  const submitted = await queue.submit(
    Array.from({ length: 120 }, (_, i) => taskOf('steady', { params, job_type: `steady.t${i % 40}` })),
  );
  const ids = submitted.map(({ task_id }) => task_id);
  for (const id of ids) await until(queue, id, (task) => task.status === 'completed', 60_000);
  const redis = openRedis(server.url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  const events = (await redis.xrange(queue.keys.events, '-', '+')).map(([, fields]) => fields);
  const claimed = events.filter((fields) => fields[1] === 'claimed').map((fields) => fields[3] as string);
  t.strictSame(claimed.toSorted(), ids.toSorted(), 'one claim each');
  const tasks = await queue.getMany(ids);
  t.equal(new Set(tasks.map((task) => task?.owner)).size, 3);
  t.strictSame([...new Set(tasks.map((task) => `${task?.attempt} ${task?.losses}`))], ['1 0']);
});

t.test(
  'its supervisor is killed between two attempts: another one starts the second, not before next_run_at',
  async (t) => {
    const { url } = await freshRedis(t);
    const queue = await openTestQueue(t, url);
    const env = { REDIS_URL: url, TASK_RETRY_BASE_SECONDS: '6', SUPERVISOR_THREADS: '1' };
    const first = await startSupervisor(t, env);
    const waiting = await waitingForItsRetry(queue);
    await first.kill();
    const left = await queue.get(waiting.task_id);
    t.match(left, {
      status: 'pending',
      attempt: 1,
      next_run_at: waiting.next_run_at,
      last_error_type: 'network',
    });
    await startSupervisor(t, env);
    const ended = await until(queue, waiting.task_id, (task) => task.status === 'failed');
    t.match(ended, { attempt: 2, losses: 0, last_error_type: 'network' });
    t.ok((ended.started_at ?? 0) >= (waiting.next_run_at ?? 0), 'by the clock of Redis');
  },
);

/** A task whose first attempt has failed and whose second is seconds away: the pause is any length up to 6 s. */
async function waitingForItsRetry(queue: Queue) {
  for (let tries = 1; tries <= 10; tries++) {
    const id = await submit(queue, 'fails', { max_attempts: 2 });
    const failed = await until(queue, id, (task) => task.attempt > 0);
    if (failed.status === 'pending' && (failed.next_run_at ?? 0) - failed.updated_at > 1_500) return failed;
    await until(queue, id, (task) => task.status === 'failed');
  }
  throw new Error('ten pauses in a row were shorter than 1.5 s of 6');
}
