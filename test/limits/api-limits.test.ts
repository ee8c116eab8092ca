// Limits of one API besides the token's: documented calls a minute, scope `api`, daily quotas, closures.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { apiLimits } from '../../src/limits/api-limits.ts';
import { Closures } from '../../src/limits/closures.ts';
import { WindowClosed } from '../../src/limits/permit.ts';
import { freshRedis } from '../support/redis.ts';
import { connect, openWindow, tokenUsage, windowConfig } from './support/window.ts';

const SETTINGS = { limit: 10, windowSeconds: 1 };

/** As the catalogue would say it, in a window that a test can wait for. */
const twoASecond = async () => ({
  windowOf: (api_name: string) => (api_name === 'stock_basic' ? { calls: 2, windowMs: 1_000 } : null),
  quotaOf: () => null,
});

t.test(
  'an API documented at less gets no more, over all processes, and others are not held up',
  async (t) => {
    const redis = await freshRedis(t);
    const settings = { loadApiLimits: twoASecond };
    const [a, b] = [
      await openWindow(t, redis.url, SETTINGS, settings),
      await openWindow(t, redis.url, SETTINGS, settings),
    ];
    const began = performance.now();
    const at: number[] = [];
    const call = async (window: typeof a) => {
      const permit = await window.acquire('stock_basic');
      at.push(performance.now() - began);
      permit.used();
    };
    const calls = Promise.all([call(a), call(b), call(a), call(b), call(a)]);
    for (let other = 0; other < 5; other += 1) (await a.acquire('daily')).used();
    t.ok(performance.now() - began < 900, 'daily did not wait');
    await calls;
    for (let i = 2; i < at.length; i += 1)
      t.ok((at[i] ?? 0) - (at[i - 2] ?? 0) >= 1_000, `call ${i + 1} after ${at[i]?.toFixed(0)} ms`);
  },
);

t.test('while the token is waited for, the slot of the API is given back in time for others', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(
    t,
    redis.url,
    { limit: 3, windowSeconds: 60 },
    { loadApiLimits: twoASecond },
  );
  for (let call = 0; call < 3; call += 1) await window.acquire('daily');
  const waiting = window.acquire('stock_basic');
  waiting.catch(() => {});
  const pool = 'b_{stock}:call_window:documented:stock_basic_job_weights';
  const client = connect(t, redis.url);
  const held = async (slots: number) => {
    while ((await client.hlen(pool)) !== slots) await delay(20);
  };
  await held(1);
  const began = performance.now();
  const [first] = await client.hkeys(pool);
  while ((await client.hexists(pool, first ?? '')) === 1) await delay(50);
  const waited = performance.now() - began;
  t.ok(waited > 9_000 && waited < 13_000, `given back after ${waited.toFixed(0)} ms`);
  await held(1);
  t.pass('and asked for again');
});

t.test('scope api: a window for every API', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 2, windowSeconds: 60, scope: 'api' });
  for (const api_name of ['daily', 'daily', 'weekly', 'weekly']) await window.acquire(api_name);
  const fifth = window.acquire('daily').then(
    () => 'granted',
    () => 'refused',
  );
  t.equal(await Promise.race([fifth, delay(1_200, 'waits')]), 'waits');
  const lower = await openWindow(t, redis.url, { limit: 1, windowSeconds: 60, scope: 'api' });
  await lower.acquire('monthly');
  const second = window.acquire('monthly').then(
    () => 'granted',
    () => 'refused',
  );
  t.equal(
    await Promise.race([second, delay(1_200, 'waits')]),
    'waits',
    'the lower limit holds for new APIs too',
  );
});

t.test('what is closed for longer than 90 s is answered at once, with its end', async (t) => {
  const redis = await freshRedis(t);
  const config = windowConfig(SETTINGS);
  const window = await openWindow(t, redis.url, SETTINGS);
  const closures = new Closures(connect(t, redis.url), config);
  await closures.close('daily', 3_600_000, '每小时最多访问该接口10次', 'quota');
  const began = Date.now();
  const refused = await window.acquire('daily').catch((error) => error);
  t.ok(refused instanceof WindowClosed);
  t.ok(Math.abs(refused.until - began - 3_600_000) < 2_000, 'until the hour is over');
  t.match(refused.message, /daily: 每小时最多访问该接口10次/);
  (await window.acquire('weekly')).used();
  await closures.close('all', null, '恶意行为', 'banned');
  const banned = await window.acquire('weekly').catch((error) => error);
  t.ok(banned instanceof WindowClosed && banned.until > Date.now() + 60_000, 'a person is waited for');
});

t.test('a permit waits through a short closure; the probe that is answered reopens the API', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, SETTINGS);
  const refusal = {
    type: 'tushare_rate_limited',
    frequency: true,
    retry_after_ms: 60_000,
    message: '频率',
  } as const;
  (await window.acquire('daily')).used(false, refusal);
  const closures = new Closures(connect(t, redis.url), windowConfig(SETTINGS));
  while ((await closures.list()).length === 0) await delay(10);
  const began = performance.now();
  const calls = [window.acquire('daily'), window.acquire('daily')];
  const probe = await Promise.race(calls);
  t.ok(
    performance.now() - began > 2_500,
    `the probe is due after 3 s (${(performance.now() - began).toFixed(0)} ms)`,
  );
  t.equal((await closures.list()).length, 1, 'still closed for the other one');
  probe.used(false, 'answered');
  await Promise.all(calls);
  t.same(await closures.list(), []);
});

t.test('a quota that is used up parks its API, and takes no slot for it', async (t) => {
  const redis = await freshRedis(t);
  const config = { ...windowConfig(SETTINGS), TUSHARE_DAILY_QUOTA: 'daily=2' };
  const loadApiLimits = async () => apiLimits([], config);
  const window = await openWindow(t, redis.url, SETTINGS, { loadApiLimits });
  for (let call = 0; call < 2; call += 1) await window.acquire('daily');
  const refused = await window.acquire('daily').catch((error) => error);
  t.ok(refused instanceof WindowClosed);
  t.match(refused.message, /its 2 calls of today are used up/);
  t.equal((await tokenUsage(t, redis.url)).used, 2);
  await window.acquire('weekly');
});

t.test('a permit that does not come in time is told to come later', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 60 }, { longestWaitMs: 500 });
  await window.acquire('daily');
  const refused = await window.acquire('daily').catch((error) => error);
  t.ok(refused instanceof WindowClosed && refused.until > Date.now());
});

t.test('the lowest documented limit of an API counts; the setting goes before the catalogue', (t) => {
  const datasets = [
    { name: 'a', api_name: 'daily', calls_per_minute: 500, calls_per_day: 9 },
    { name: 'b', api_name: 'daily', calls_per_minute: 200 },
    { name: 'c' },
  ];
  const limits = apiLimits(datasets, { TUSHARE_DAILY_QUOTA: 'weekly=7,*=100' });
  t.same(limits.windowOf('daily'), { calls: 200, windowMs: 60_000 });
  t.equal(limits.windowOf('weekly'), null);
  t.equal(limits.quotaOf('weekly'), 7);
  t.equal(limits.quotaOf('daily'), 100);
  t.equal(apiLimits(datasets, { TUSHARE_DAILY_QUOTA: '' }).quotaOf('daily'), 9);
  t.throws(() => apiLimits([], { TUSHARE_DAILY_QUOTA: 'daily' }), { name: 'ConfigError' });
  t.end();
});
