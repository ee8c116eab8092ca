/** Supervisor processes on a Redis Cluster: queue, call window, type locks and doorbell (D33). */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshCluster } from '../support/redis-cluster.ts';
import { simulatorProcess } from '../support/simulator.ts';
import { startSupervisor } from '../support/supervisor.ts';

/** Two supervisors and three Redis nodes on a busy machine. */
const GENEROUS_MS = 60_000;

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
  // By its log: one that has just begun may have claimed before its first beat told of it.
  const names = await Promise.all(
    processes.map(({ logged }) => logged(({ supervisor_id }) => typeof supervisor_id === 'string')),
  );
  const owner = processes[names.findIndex(({ supervisor_id }) => supervisor_id === before.owner)];
  if (!owner) throw new Error(`${before.owner} is none of the two`);
  await owner.kill();
  const after = await until(
    queue,
    long,
    ({ owner }) => owner !== null && owner !== before.owner,
    GENEROUS_MS,
  );
  t.match(after, { attempt: 0, losses: 1 });
  t.ok((after.fence ?? 0) > (before.fence ?? 0));
  const ended = await until(queue, long, ({ status }) => status === 'completed', GENEROUS_MS);
  t.match(ended, { records_processed: 60 });

  const api = await startApi(t, { REDIS_URL: url });
  // a web process that has just begun may answer `unreachable` until its cluster connection stands
  const end = performance.now() + GENEROUS_MS;
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
