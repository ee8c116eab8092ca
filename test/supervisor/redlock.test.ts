/** The job type locks on three independent Redis servers, with real supervisor processes (design § 4). */
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { silencedOnce } from '../limits/support/silenced.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

async function setUp(t: Test) {
  const [main, ...lockServers] = await Promise.all([1, 2, 3, 4].map(() => freshRedis(t)));
  const url = main?.url as string;
  const env = {
    REDIS_URL: url,
    REDLOCK_URLS: lockServers.map((server) => server.url).join(','),
    SUPERVISOR_THREADS: '2',
  };
  return { lockServers, env, queue: await openTestQueue(t, url), supervisor: await startSupervisor(t, env) };
}

t.test('one of three down: tasks run; two down: handed back, not lost; back again: they run', async (t) => {
  const { lockServers, queue } = await setUp(t);
  const [one, two] = lockServers;
  await one?.kill();
  const first = await submit(queue, 'noop');
  t.match(await until(queue, first, ({ status }) => status === 'completed'), { attempt: 1 });
  const long = await submit(queue, 'steady', { params: { steps: 50, step_ms: 100 } });
  await until(queue, long, ({ progress }) => progress > 50);
  t.match(await queue.get(long), { losses: 0, attempt: 0, fence: 1 }, 'its lock was renewed on two of three');
  await until(queue, long, ({ status }) => status === 'completed');

  await two?.kill();
  const second = await submit(queue, 'noop');
  const back = await until(queue, second, ({ status, next_run_at }) => status === 'pending' && !!next_run_at);
  t.match(back, { attempt: 0, losses: 0, progress_message: 'the lock servers do not answer' });
  t.match((await queue.look(second))?.waiting, {
    reason: /^(handed_back|due|queue)$/,
    blocked_by: null,
  });
  t.equal((await queue.get(second))?.status === 'completed', false, 'nothing runs without a majority');
  await one?.restart();
  t.match(await until(queue, second, ({ status }) => status === 'completed'), { attempt: 1, losses: 0 });
});

t.test(
  'a lock that is lost in mid-run stops the thread, and the task goes back and runs again',
  async (t) => {
    const { lockServers, queue, supervisor } = await setUp(t);
    const task_id = await submit(queue, 'steady', { params: { steps: 30, step_ms: 100 } });
    await until(queue, task_id, ({ progress }) => progress > 0);
    const connections = lockServers.map(({ url }) => new Redis(url));
    t.teardown(() => {
      for (const connection of connections) connection.disconnect();
    });
    const deleted = await Promise.all(connections.map((redis) => redis.del('{stock}:lock:steady.full')));
    t.strictSame(deleted, [1, 1, 1]);
    const killed = await supervisor.logged(({ reason }) => reason === 'lock_lost');
    t.match(killed, { task_id, msg: 'the thread of a task is terminated' });
    const again = await until(queue, task_id, ({ fence }) => (fence ?? 0) > 1);
    t.match(again, { attempt: 0 });
    t.match(await until(queue, task_id, ({ status }) => status === 'completed'), { records_processed: 30 });
  },
);

t.test('lock servers whose memory is full (noeviction) lock, renew and release as before', async (t) => {
  const { lockServers, queue } = await setUp(t);
  for (const { url } of lockServers) {
    const operator = new Redis(url);
    await operator.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction');
    await t.rejects(operator.set('anything', 1), /^OOM/, 'it is full');
    operator.disconnect();
  }
  // 6 s: its locks live for 4.
  const [long, next] = [
    await submit(queue, 'steady', { params: { steps: 60, step_ms: 100 } }),
    await submit(queue, 'steady', { params: { steps: 1, step_ms: 1 } }),
  ];
  t.match(await until(queue, long, ({ status }) => status === 'completed'), { fence: 1, attempt: 1 });
  t.match(await until(queue, next, ({ status }) => status === 'completed'), { fence: 2, attempt: 1 });
});

t.test('a lock server whose connection falls silent counts again: it is opened anew', async (t) => {
  const [main, one, two, three] = await Promise.all([1, 2, 3, 4].map(() => freshRedis(t)));
  const way = await silencedOnce(t, two?.port as number);
  const silenced = new URL(two?.url as string);
  silenced.port = String(way.port);
  const queue = await openTestQueue(t, main?.url as string);
  await startSupervisor(t, {
    REDIS_URL: main?.url as string,
    REDLOCK_URLS: [one?.url, silenced.href, three?.url].join(','),
    SUPERVISOR_THREADS: '2',
  });
  await three?.kill(); // the other two are needed now
  await until(queue, await submit(queue, 'noop'), ({ status }) => status === 'completed');
  const opened = way.opened();
  way.silence();
  const task_id = await submit(queue, 'noop');
  await opened;
  const ended = await until(queue, task_id, ({ status }) => status === 'completed');
  t.match(ended, { attempt: 1, losses: 0 }, 'handed back while there was no majority, and then it ran');
  t.ok((ended.fence ?? 0) > 2, 'it was handed back at least once');
});
