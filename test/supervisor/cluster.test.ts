/** Supervisor processes on a Redis Cluster: queue, call window, type locks and doorbell (D33). */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshCluster } from '../support/redis-cluster.ts';
import { simulatorProcess } from '../support/simulator.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('tasks run, call TuShare, and are taken over after a kill', async (t) => {
  const { url } = await freshCluster(t);
  const simulator = await simulatorProcess(t);
  const queue = await openTestQueue(t, url);
  const env = {
    REDIS_URL: url,
    SUPERVISOR_THREADS: '2',
    TUSHARE_API_URL: simulator.url,
    TUSHARE_TOKEN: 'token-of-the-tests',
  };
  const first = await startSupervisor(t, env);
  const calling = await submit(queue, 'calls');
  t.match(await until(queue, calling, ({ status }) => status === 'completed'), { last_error_type: null });
  t.ok((await simulator.log()).length > 0, 'its call had a permit of the window');

  const processes = [first, await startSupervisor(t, env)];
  const long = await submit(queue, 'steady', { params: { steps: 60, step_ms: 100 } });
  const before = await until(queue, long, ({ status }) => status === 'running');
  const { supervisors } = await queue.crew();
  const owner = supervisors.find(({ supervisor_id }) => supervisor_id === before.owner);
  await processes.find(({ pid }) => pid === owner?.details?.pid)?.kill();
  const after = await until(queue, long, ({ owner }) => owner !== null && owner !== before.owner);
  t.match(after, { attempt: 0, losses: 1 });
  t.ok((after.fence ?? 0) > (before.fence ?? 0));
  t.match(await until(queue, long, ({ status }) => status === 'completed'), { records_processed: 60 });

  const api = await startApi(t, { REDIS_URL: url });
  // a web process that has just begun may answer `unreachable` until its cluster connection stands
  const end = performance.now() + 10_000;
  let health = (await api.get('/health')).body;
  while (!health.queue.available && performance.now() < end) {
    t.comment(`not yet: ${JSON.stringify(health.reasons)}`);
    await delay(100);
    health = (await api.get('/health')).body;
  }
  t.match(health, {
    queue: { available: true },
    redis: { eviction: 'never', append_only: 'on' },
    supervisors: { alive: 1, threads: 2 },
  });
});
