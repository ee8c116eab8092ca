// The call window on a Redis Cluster of three nodes.
import { pino } from 'pino';
import t from 'tap';
import { CallWindow } from '../../src/limits/call-window.ts';
import { Closures } from '../../src/limits/closures.ts';
import { readLimits } from '../../src/limits/limits-view.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { freshCluster } from '../support/redis-cluster.ts';
import { startCaller } from './support/callers.ts';
import { mostInAnyWindow, startJudge } from './support/judge.ts';
import { windowConfig } from './support/window.ts';

const LIMIT = 40;
const SETTINGS = { limit: LIMIT, windowSeconds: 2 };

t.test('strict over two processes, with an API of its own limit, closures and the budget', async (t) => {
  const cluster = await freshCluster(t);
  const judge = await startJudge(t, 20);
  const settings = { redisUrl: cluster.url, judgeUrl: judge.url, ...SETTINGS, inFlight: 20 };
  const callers = await Promise.all([startCaller(t, settings), startCaller(t, settings)]);
  await judge.arrived(LIMIT * 3);
  t.equal(mostInAnyWindow(judge.arrivals, 2_000), LIMIT);
  for (const caller of callers) caller.kill('SIGKILL');

  const redis = openRedis(cluster.url, { name: 'test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  const limits = {
    windowOf: (api_name: string) => (api_name === 'stock_basic' ? { calls: 1, windowMs: 60_000 } : null),
    quotaOf: () => 5,
  };
  const config = windowConfig(SETTINGS);
  const options = { loadApiLimits: async () => limits };
  const window = new CallWindow(redis, config, pino({ level: 'silent' }), options);
  await window.start();
  t.teardown(() => window.stop());
  (await window.acquire('stock_basic', { interactive: true })).used();
  const closures = new Closures(redis, config);
  await closures.close('daily', 3_600_000, 'for an hour', 'quota');
  await t.rejects(window.acquire('daily'), { name: 'WindowClosed', message: /for an hour/ });
  const view = await readLimits(redis, config, limits);
  t.match(view.pools, [
    { kind: 'token', limit: LIMIT },
    { kind: 'documented', limit: 1, used: 1, free: 0 },
  ]);
  const quota = view.quotas.find(({ api_name }) => api_name === 'stock_basic');
  t.match(quota, { calls_today: 1, quota: 5 });
  t.match(view.closures, [{ scope: 'daily', kind: 'quota' }]);
});
