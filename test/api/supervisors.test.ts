/** GET /supervisors tells who works at what: on real supervisor processes. */
import t from 'tap';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('who works, since when, at what, and how many threads it has killed', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const list = async () => (await api.get('/api/v1/supervisors')).body.data.supervisors;
  t.strictSame(await list(), []);

  const env = { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2' };
  const began = Date.now();
  const supervisor = await startSupervisor(t, env);
  const queue = await openTestQueue(t, redis.url);
  const running = await submit(queue, 'steady', { params: { steps: 100, step_ms: 100 } });
  const task = await until(queue, running, ({ status }) => status === 'running');
  const [seen] = await list();
  t.match(seen, {
    supervisor_id: task.owner,
    alive: true,
    pid: supervisor.pid,
    host: String,
    version: /^\d+\.\d+\.\d+/,
    threads: 2,
    killed_threads: 0,
    running: [{ task_id: running, job_type: 'steady.full', deadline_at: /Z$/ }],
  });
  t.ok(Date.parse(seen.started_at) >= began && seen.heartbeat_age_seconds < 5);

  const spin = await submit(queue, 'spin', { timeout_seconds: 1 });
  await until(queue, spin, ({ status }) => status === 'failed');
  while ((await list())[0].killed_threads !== 1);
  await supervisor.kill();
  while ((await list())[0].alive);
  t.match(
    await list(),
    [{ supervisor_id: task.owner, alive: false, pid: supervisor.pid }],
    'lost, but listed',
  );

  const next = await startSupervisor(t, env);
  t.equal((await list()).length, 2);
  t.equal(await next.stop(), 0);
  t.strictSame(
    (await list()).map(({ pid }: { pid: number }) => pid),
    [supervisor.pid],
    'who left in good order is gone at once',
  );
  await redis.stop();
  t.equal((await api.get('/api/v1/supervisors')).status, 503);
});

t.test('a supervisor warns of a Redis that may lose tasks, and says what it does not know', async (t) => {
  const server = await freshRedis(t);
  const { Redis } = await import('ioredis');
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  await redis.config('SET', 'maxmemory', '100mb');
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.config('SET', 'appendonly', 'no');
  const first = await startSupervisor(t, { REDIS_URL: server.url, SUPERVISOR_THREADS: '1' });
  t.match(await first.logged(({ code }) => code === 'redis_evicts'), { level: 40, msg: /noeviction/ });
  t.match(await first.logged(({ code }) => code === 'redis_no_aof'), { level: 40, msg: /appendonly yes/ });
  await redis.acl('SETUSER', 'default', '-info', '-config');
  const second = await startSupervisor(t, { REDIS_URL: server.url, SUPERVISOR_THREADS: '1' });
  t.match(await second.logged(({ code }) => code === 'redis_unknown'), {
    msg: /^Redis does not tell whether/,
  });
});
