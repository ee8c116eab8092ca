/** /health says why it is degraded, reason by reason (R17); on a real Redis that is made to be so. */
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import type { SupervisorDetails } from '../../src/queue/supervisors.ts';
import { type Api, startApi } from '../support/api.ts';
import { freshDatabase } from '../support/postgres.ts';
import { freshRedis } from '../support/redis.ts';

const DETAILS: SupervisorDetails = {
  pid: 1,
  host: 'here',
  version: '0',
  started_at: 0,
  threads: 2,
  killed_threads: 0,
  max_calls: 195,
  window_seconds: 60,
};

async function setUp(t: Test) {
  const server = await freshRedis(t);
  const { url } = await freshDatabase(t);
  const api = await startApi(t, { REDIS_URL: server.url, DATABASE_URL: url });
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  const queue = new Queue(redis, 'stock');
  const beat = (id = 'one', details = DETAILS) => queue.tick(id, [], LEASE_MS, details);
  return { server, api, redis, queue, beat };
}

async function codes(api: Api): Promise<string[]> {
  const { body } = await api.get('/health');
  t.equal(body.status, body.reasons.length === 0 ? 'ok' : 'degraded');
  return body.reasons.map(({ code }: { code: string }) => code);
}

t.test('a Redis that may lose tasks, and one that does not tell', async (t) => {
  const { api, redis, beat } = await setUp(t);
  await beat();
  t.strictSame(await codes(api), []);
  await redis.config('SET', 'maxmemory', '100mb');
  t.strictSame(await codes(api), [], 'noeviction is the default');
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  await redis.config('SET', 'appendonly', 'no');
  t.strictSame(await codes(api), ['redis_evicts', 'redis_no_aof']);
  t.match((await api.get('/health')).body.redis, { eviction: 'possible', append_only: 'off' });
  await redis.acl('SETUSER', 'default', '-info');
  await beat();
  t.strictSame(await codes(api), []);
  t.match((await api.get('/health')).body.redis, { eviction: 'unknown', append_only: 'unknown' });
});

t.test('work that free threads do not take', async (t) => {
  const { api, redis, queue, beat } = await setUp(t);
  await beat();
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  t.strictSame(await codes(api), []);
  const longAgo = Date.now() - 31_000;
  await redis.hset(queue.keys.task(task_id), 'created_at', longAgo, 'updated_at', longAgo);
  t.strictSame(await codes(api), ['work_stuck']);
  await queue.drain('one', true);
  t.strictSame(await codes(api), ['draining'], 'its free threads are not for it');
  await queue.drain('one', false);
  await beat('one', { ...DETAILS, threads: 0 });
  t.strictSame(await codes(api), [], 'no thread is free');
  await beat('one', { ...DETAILS, threads: 3 });
  t.strictSame(await codes(api), ['work_stuck']);
  for (const dataset of ['trade_cal', 'daily'])
    await api.post('/api/v1/tasks', { dataset, priority: 'high' });
  t.equal((await queue.claim({ supervisor_id: 'one', free: 2, lease_ms: LEASE_MS })).length, 2);
  t.strictSame(await codes(api), [], 'the one free thread of three is kept for high priority');
  await redis.zadd(queue.keys.supervisors, 1, 'one');
  const { reasons } = (await api.get('/health')).body;
  t.match(reasons, [{ code: 'no_supervisor', message: 'No supervisor is alive; 1 task waits.' }]);
});

t.test('supervisors with different call windows', async (t) => {
  const { api, beat } = await setUp(t);
  await beat();
  await beat('two', { ...DETAILS, max_calls: 100 });
  const { reasons } = (await api.get('/health')).body;
  t.match(reasons, [{ code: 'settings_mismatch', message: /195 calls in 60 s and 100 calls in 60 s/ }]);
});

t.test('history that does not reach Postgres; Redis and Postgres away', async (t) => {
  const { server, api, redis, queue, beat } = await setUp(t);
  await beat();
  await redis.rpush(queue.keys.audit, JSON.stringify({ kind: 'task', id: 'x', status: 'failed', at: 1 }));
  t.strictSame(await codes(api), ['history_behind']);
  await redis.rename(queue.keys.audit, `${queue.keys.audit}_refused`);
  t.match((await api.get('/health')).body.reasons, [
    { code: 'history_refused', message: /^1 end of a task is .*audit_refused/ },
  ]);
  await server.stop();
  t.strictSame(await codes(api), ['queue_unavailable']);
  const blind = await startApi(t, { REDIS_ENABLED: 'false', DATABASE_URL: 'postgres://x:y@127.0.0.1:1/z' });
  t.strictSame(await codes(blind), ['queue_unavailable', 'postgres_unavailable']);
});
