import { Redis } from 'ioredis';
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { startApi } from '../support/api.ts';
import { freshDatabase } from '../support/postgres.ts';
import { freshRedis } from '../support/redis.ts';

t.test('health tells queue, supervisors and Postgres (R17)', async (t) => {
  const redis = await freshRedis(t);
  const database = await freshDatabase(t);
  const api = await startApi(t, { REDIS_URL: redis.url, DATABASE_URL: database.url });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');

  const idle = await api.get('/health');
  t.equal(idle.status, 200);
  t.match(idle.body, {
    status: 'degraded',
    reasons: [
      { code: 'no_supervisor', message: 'No supervisor is alive; what is submitted waits until one starts.' },
    ],
    redis: { eviction: 'never', append_only: 'on' },
    queue: {
      available: true,
      reason: null,
      depth: { high: 0, normal: 0, low: 0 },
      running: 0,
      delayed: 0,
      parked: 0,
      blocked: 0,
      oldest_pending_age_seconds: null,
    },
    supervisors: { alive: 0 },
    postgres: { available: true, reason: null },
  });

  for (const body of [
    { dataset: 'stock_basic' },
    { dataset: 'stock_basic' },
    { dataset: 'trade_cal', priority: 'high' },
    { dataset: 'daily' },
  ]) {
    await api.post('/api/v1/tasks', body);
  }
  await queue.tick('one', [], LEASE_MS);
  t.match((await api.get('/health')).body, {
    status: 'ok',
    reasons: [],
    queue: { depth: { high: 1, normal: 2, low: 1 }, running: 0, oldest_pending_age_seconds: Number },
    supervisors: { alive: 1 },
  });
  await queue.claim({ supervisor_id: 'one', free: 4, lease_ms: LEASE_MS });
  t.match((await api.get('/health')).body.queue, {
    depth: { high: 0, normal: 0, low: 0 },
    running: 3,
    parked: 1,
  });
  await api.post('/api/v1/executions', { datasets: ['daily', 'trade_cal'] });
  t.match((await api.get('/health')).body.queue, { depth: { normal: 1 }, parked: 1, blocked: 1 });
});

t.test('web starts and works without Postgres, and says why it is missing', async (t) => {
  const redis = await freshRedis(t);
  const reasons: [url: string, reason: RegExp][] = [
    ['', /DATABASE_URL is not set/],
    ['postgres://somebody:hidden@127.0.0.1:1/nowhere', /unreachable/],
  ];
  for (const [DATABASE_URL, reason] of reasons) {
    const api = await startApi(t, { REDIS_URL: redis.url, DATABASE_URL });
    t.equal((await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).status, 202);
    const health = await api.get('/health');
    t.equal(health.status, 200);
    t.match(health.body, {
      status: 'degraded',
      queue: { available: true },
      postgres: { available: false, reason },
    });
    t.notMatch(health.text, /hidden/);
  }
});

t.test('a Postgres that accepts connections and answers nothing does not hold health up', async (t) => {
  const { createServer } = await import('node:net');
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  t.teardown(() => silent.close());
  const { port } = silent.address() as { port: number };
  const api = await startApi(t, { DATABASE_URL: `postgres://somebody@127.0.0.1:${port}/some` });
  const health = await api.get('/health');
  t.match(health.body.postgres, { available: false, reason: 'no answer in time' });
  t.ok(health.ms < 2500, `${health.ms.toFixed(0)} ms`);
});

t.test('no answer holds a secret', async (t) => {
  const redis = await freshRedis(t);
  const secrets = {
    TUSHARE_TOKEN: 'tushare-secret-7e1',
    API_READ_TOKENS: 'read-secret-7e2',
    API_OPERATE_TOKENS: 'operate-secret-7e3',
    DATABASE_URL: 'postgres://somebody:database-secret-7e4@127.0.0.1:1/nowhere',
  };
  const password = decodeURIComponent(new URL(redis.url).password);
  const api = await startApi(t, { REDIS_URL: redis.url, ...secrets });
  const headers = { authorization: `Bearer ${secrets.API_OPERATE_TOKENS}` };
  const submitted = await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, headers);
  const { task_id } = submitted.body.data;
  const answers = [
    submitted,
    await api.get(`/api/v1/tasks/${task_id}`, headers),
    await api.get('/api/v1/tasks', headers),
    await api.get('/api/v1/datasets', headers),
    await api.get('/api/v1/nothing', headers),
    await api.get('/api/v1/tasks'),
    await api.post('/api/v1/tasks', '{broken', headers),
    await api.get('/health'),
    await api.get('/docs/json'),
  ];
  await redis.stop();
  answers.push(await api.get('/api/v1/tasks', headers), await api.get('/health'));
  for (const { text, headers } of answers) {
    const all = text + JSON.stringify([...headers]);
    t.notMatch(all, /secret-7e/);
    t.notOk(all.includes(password), 'nor the password of Redis');
  }
});
