/** The log of actions: who did what and when; nothing is lost while Postgres is away, and nobody waits for it. */
import net from 'node:net';
import { Redis } from 'ioredis';
import t from 'tap';
import { freshSchedules } from '../scheduler/support/schedules.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { query } from '../support/postgres.ts';
import { freshRedis } from '../support/redis.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const TOKENS = { API_READ_TOKENS: 'ann:reader-secret', API_OPERATE_TOKENS: 'ops:op-secret' };

t.test('every action stands in it, with its caller, target and outcome; queries do not', async (t) => {
  const [redis, { config }] = await Promise.all([freshRedis(t), freshSchedules(t)]);
  const env = { REDIS_URL: redis.url, DATABASE_URL: config.DATABASE_URL, ...TOKENS, TRUSTED_PROXIES: '1' };
  const api = await startApi(t, env);
  const ops = { ...bearer('op-secret'), 'x-forwarded-for': '203.0.113.7' };
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, ops)).body.data;
  await api.post(`/api/v1/tasks/${task_id}/cancel`, undefined, ops);
  await api.post(`/api/v1/tasks/${task_id}/cancel`, undefined, ops);
  await api.post('/api/v1/tasks', { dataset: 'nothing like that' }, ops);
  const job = (await api.post('/api/v1/scheduler/jobs/sync_stock_basic/trigger', {}, ops)).headers;
  await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, bearer('reader-secret'));
  await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, bearer('stranger-secret'));
  await api.get('/api/v1/tasks', ops);
  await api.post('/api/v1/datasets/daily/plan', { mode: 'full' }, ops);
  await api.post('/api/v1/session', { token: 'guessed-secret' });
  await api.post('/api/v1/session', { token: 'reader-secret' });
  await api.post('/api/v1/nothing', undefined, ops);

  const list = async (filter = '') =>
    (await api.get(`/api/v1/actions${filter}`, bearer('reader-secret'))).body.data;
  const { actions, next_cursor, waiting } = await list();
  const byOps = { actor: 'ops', role: 'operate', via: 'token', address: '203.0.113.7', method: 'POST' };
  const session = { method: 'POST', route: '/api/v1/session', target: null };
  const wanted = [
    { ...session, actor: 'ann', role: 'read', via: 'session', status: 200, outcome: 'SESSION_STARTED' },
    { ...session, actor: 'stranger', role: 'none', via: 'none', status: 401, outcome: 'UNAUTHORIZED' },
    { actor: 'ann', role: 'read', method: 'POST', route: '/api/v1/tasks', status: 403, outcome: 'FORBIDDEN' },
    {
      ...byOps,
      route: '/api/v1/scheduler/jobs/:job_id/trigger',
      target: 'sync_stock_basic',
      outcome: 'JOB_TRIGGERED',
    },
    { ...byOps, route: '/api/v1/tasks', target: null, status: 404, outcome: 'UNKNOWN_DATASET' },
    {
      ...byOps,
      route: '/api/v1/tasks/:id/cancel',
      target: task_id,
      status: 409,
      outcome: 'TASK_NOT_PENDING',
    },
    { ...byOps, route: '/api/v1/tasks/:id/cancel', target: task_id, status: 200, outcome: 'TASK_CANCELLED' },
    { ...byOps, route: '/api/v1/tasks', target: task_id, status: 202, outcome: 'TASK_SUBMITTED' },
  ];
  t.ok(job.get('x-task-id'));
  t.equal(actions.length, wanted.length);
  t.match(actions, wanted, 'the last first');
  t.same([next_cursor, waiting], [null, 0]);
  const times = actions.map(({ at }: { at: string }) => at);
  t.same(times.toSorted().toReversed(), times);
  t.ok(times.every((at: string) => Math.abs(Date.parse(at) - Date.now()) < 60_000 && at.endsWith('Z')));
  const stored = await query(config.DATABASE_URL, 'SELECT action_log::text AS line FROM action_log');
  t.equal(stored.length, wanted.length);
  t.notMatch(JSON.stringify(stored), /secret/, 'no token, and nothing of what was sent');

  t.equal((await list(`?target=${task_id}`)).actions.length, 3);
  t.equal((await list('?actor=ann&outcome=FORBIDDEN')).actions.length, 1);
  t.equal((await list(`?to=${times[7]}`)).actions.length, 0);
  t.equal((await list(`?from=${times[7]}`)).actions.length, 8);
  const seen: string[] = [];
  for (let cursor = '', more = true; more; ) {
    const page = await list(`?limit=3${cursor}`);
    seen.push(...page.actions.map(({ id }: { id: string }) => id));
    cursor = `&cursor=${page.next_cursor}`;
    more = page.next_cursor !== null;
  }
  t.same(
    seen,
    actions.map(({ id }: { id: string }) => id),
    'page by page',
  );
  for (const filter of ['?limit=0', '?cursor=x', '?from=today', '?who=ann'])
    t.match((await api.get(`/api/v1/actions${filter}`, ops)).status, 400, filter);
});

t.test(
  'Postgres away or silent: the action happens, its line waits in Redis, and is brought later',
  async (t) => {
    const [redis, { config }] = await Promise.all([freshRedis(t), freshSchedules(t)]);
    const silent = net.createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as net.AddressInfo;
    t.teardown(() => silent.close());
    const away = ['postgres://127.0.0.1:1/none', `postgres://127.0.0.1:${port}/silent`];
    for (const DATABASE_URL of away) {
      const api = await startApi(t, { REDIS_URL: redis.url, DATABASE_URL });
      for (let n = 0; n < 3; n += 1) {
        const answer = await api.post('/api/v1/tasks', { dataset: 'stock_basic' });
        t.equal(answer.status, 202);
        t.ok(answer.ms < 3_000, `${answer.ms} ms`);
      }
      t.match(await api.get('/api/v1/actions'), { status: 503, body: { code: 'HISTORY_UNAVAILABLE' } });
      await api.stop();
    }
    const client = new Redis(redis.url);
    t.teardown(() => client.disconnect());
    t.equal(await client.llen('{stock}:actions'), 6);
    await startApi(t, { REDIS_URL: redis.url, DATABASE_URL: config.DATABASE_URL });
    while ((await client.llen('{stock}:actions')) > 0)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const stored = await query(config.DATABASE_URL, 'SELECT outcome FROM action_log');
    t.same(stored, Array(6).fill({ outcome: 'TASK_SUBMITTED' }));
  },
);

t.test('both away: the action is answered all the same', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false', ...TOKENS });
  t.equal((await api.post('/api/v1/session', { token: 'op-secret' })).status, 200);
});

t.test('dayline actions prints it', async (t) => {
  const [redis, { config }] = await Promise.all([freshRedis(t), freshSchedules(t)]);
  const env = { REDIS_URL: redis.url, DATABASE_URL: config.DATABASE_URL, ...TOKENS };
  const api = await startApi(t, env);
  const cli = { DAYLINE_URL: api.url, DAYLINE_API_TOKEN: 'op-secret' };
  t.match(await dayline(t, ['actions'], cli), { code: 0, stdout: 'Nothing was done yet.\n' });
  await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, bearer('op-secret'));
  const { code, stdout } = await dayline(t, ['actions', '--actor', 'ops', '--limit', '5'], cli);
  t.equal(code, 0);
  t.match(stdout, /ops \(operate\) +127\.0\.0\.1 +POST \/tasks +\w{16} +TASK_SUBMITTED/);
  const json = await dayline(t, ['actions', '--json'], cli);
  t.match(JSON.parse(json.stdout), { actions: [{ outcome: 'TASK_SUBMITTED' }], waiting: 0 });
});
