/** GET /limits and `dayline limits` tell the budget of calls; a person reopens what TuShare had closed. */
import t from 'tap';
import { apiLimits } from '../../src/limits/api-limits.ts';
import { Closures } from '../../src/limits/closures.ts';
import { connect, openWindow, windowConfig } from '../limits/support/window.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';

const SETTINGS = { limit: 195, windowSeconds: 60 };

t.test('what is used, by whom, when the next call is free, and what is closed', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, TUSHARE_DAILY_QUOTA: 'daily=1000' });
  t.match((await api.get('/api/v1/limits')).body, {
    code: 'LIMITS_RETRIEVED',
    data: { scope: 'token', opens_at: null, processes: [], pools: [{ kind: 'token', limit: 195, used: 0 }] },
  });

  const documented = [{ name: 'stock_basic', api_name: 'stock_basic', calls_per_minute: 50 }];
  const loadApiLimits = async () => apiLimits(documented, { TUSHARE_DAILY_QUOTA: '' });
  const window = await openWindow(t, redis.url, SETTINGS, { process: 'sup-1', loadApiLimits });
  const other = await openWindow(t, redis.url, { ...SETTINGS, limit: 100 }, { process: 'sup-2' });
  for (const api_name of ['daily', 'daily', 'stock_basic']) (await window.acquire(api_name)).used();
  (await other.acquire('daily')).used();
  const { data, message } = (await api.get('/api/v1/limits')).body;
  t.equal(message, '4 of 100 calls are used.', 'the lowest limit of those that live');
  t.match(data.pools, [
    { kind: 'token', limit: 100, used: 4, free: 96, spent_by: [{ process: 'sup-1', used: 3 }, { used: 1 }] },
    { kind: 'documented', api_name: 'stock_basic', limit: 50, used: 1, free: 49, window_seconds: 60 },
  ]);
  const freeIn = Date.parse(data.pools[0].next_free_at) - Date.now();
  t.ok(freeIn > 50_000 && freeIn < 61_000, `the next one is free in ${freeIn} ms`);
  t.match(
    data.processes.toSorted((a: { process: string }, b: { process: string }) =>
      a.process.localeCompare(b.process),
    ),
    [{ max_calls: 195 }, { process: 'sup-2', max_calls: 100, window_seconds: 60 }],
  );
  t.match(
    data.quotas.find(({ api_name }: { api_name: string }) => api_name === 'daily'),
    { calls_today: 3, quota: 1000 },
  );
  const shown = await dayline(t, ['limits'], { DAYLINE_URL: api.url });
  t.match(shown.stdout, /token 100\/60 s +4 +96 .*sup-1 3, sup-2 1/);
  t.match(shown.stdout, /daily: 3 of 1000 calls of today/);
});

t.test('a ban stands in /health until a person reopens it', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const closures = new Closures(connect(t, redis.url), windowConfig(SETTINGS));
  await closures.close('all', null, '恶意行为', 'banned');
  const reasons = async () => (await api.get('/health')).body.reasons;
  const told = (await reasons()).find(({ code }: { code: string }) => code === 'tushare_closed');
  t.match(told.message, /until a person reopens it: 恶意行为/);
  t.match((await api.get('/api/v1/limits')).body.data.closures, [
    { scope: 'all', kind: 'banned', until: null },
  ]);
  const opened = await dayline(t, ['reopen', 'all'], { DAYLINE_URL: api.url });
  t.equal(opened.code, 0, opened.stderr);
  t.notOk((await reasons()).some(({ code }: { code: string }) => code === 'tushare_closed'));
  t.match(await api.post('/api/v1/limits/all/reopen'), { status: 404, body: { code: 'NOT_FOUND' } });
  t.equal((await api.post('/api/v1/limits/Not%20An%20Api/reopen')).status, 400);
});

t.test('a Redis that had lost its state stands in /health and in /limits', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const record = { note: () => {}, sinceLastMs: async () => 0 };
  await openWindow(t, redis.url, SETTINGS, { record });
  const { reasons } = (await api.get('/health')).body;
  t.match(
    reasons.find(({ code }: { code: string }) => code === 'call_window_closed'),
    { message: /no call to TuShare for 6\d s more/ },
  );
  t.ok(Date.parse((await api.get('/api/v1/limits')).body.data.opens_at) > Date.now() + 50_000);
});

t.test('without Redis 503', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  t.match(await api.get('/api/v1/limits'), { status: 503, body: { code: 'QUEUE_UNAVAILABLE' } });
  t.equal((await api.post('/api/v1/limits/daily/reopen')).status, 503);
});
