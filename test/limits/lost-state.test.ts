// Redis has lost what it counted: calls that nobody remembers may be less than a window old.

import { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import t from 'tap';
import { CallWindow } from '../../src/limits/call-window.ts';
import { freshRedis } from '../support/redis.ts';
import { connect, openWindow, windowConfig } from './support/window.ts';

const SETTINGS = { limit: 5, windowSeconds: 1 };
/** 2 s in which a permit may be used, and one window. */
const CLOSED_MS = 3_000;
const EPOCH = '{stock}:call_window:epoch';

t.test('emptied under a process that made calls: closed for one window, and told loudly', async (t) => {
  const redis = await freshRedis(t);
  const lines: string[] = [];
  const log = pino(
    new Writable({
      write(line, _encoding, done) {
        lines.push(String(line));
        done();
      },
    }),
  );
  const window = new CallWindow(connect(t, redis.url), windowConfig(SETTINGS), log);
  await window.start();
  t.teardown(() => window.stop());
  const client = connect(t, redis.url);
  (await window.acquire('daily')).used();
  await client.flushall();
  const emptied = performance.now();
  await window.acquire('daily');
  const closed = performance.now() - emptied;
  t.ok(closed >= CLOSED_MS, `${closed.toFixed(0)} ms`);
  t.ok(closed < CLOSED_MS + 2_500, 'and not for longer than that');
  const told = lines.map((line) => JSON.parse(line)).find(({ code }) => code === 'call_window_closed');
  t.match(told, { level: 50, msg: /has lost the calls it counted/ });
});

t.test(
  'a process at rest notices by its pulse, so that one that starts later can not call at once',
  async (t) => {
    const redis = await freshRedis(t);
    const client = connect(t, redis.url);
    await openWindow(t, redis.url, SETTINGS);
    await client.flushall();
    while (!(await client.hexists(EPOCH, 'id'))) await delay(20);
    const later = await openWindow(t, redis.url, SETTINGS);
    const began = performance.now();
    await later.acquire('daily');
    t.ok(performance.now() - began >= CLOSED_MS - 500, `${(performance.now() - began).toFixed(0)} ms`);
  },
);

t.test('a process that could not know opens it, one that knew closes it', async (t) => {
  const redis = await freshRedis(t);
  const client = connect(t, redis.url);
  const knew = await openWindow(t, redis.url, SETTINGS);
  await client.flushall();
  const ignorant = await openWindow(t, redis.url, SETTINGS);
  t.equal(Number(await client.hget(EPOCH, 'opens_at')), Number(await client.hget(EPOCH, 'born_at')), 'open');
  const began = performance.now();
  await Promise.all([knew.acquire('daily'), delay(50).then(() => ignorant.acquire('daily'))]);
  t.ok(performance.now() - began >= CLOSED_MS - 100, `${(performance.now() - began).toFixed(0)} ms`);
});

t.test('a failover to a copy that lacks the last grants is noticed', async (t) => {
  const redis = await freshRedis(t);
  const client = connect(t, redis.url);
  const window = await openWindow(t, redis.url, SETTINGS);
  for (let call = 0; call < 3; call += 1) (await window.acquire('daily')).used();
  await client.hset(EPOCH, 'grants', 2);
  const began = performance.now();
  await window.acquire('daily');
  t.ok(performance.now() - began >= CLOSED_MS, `${(performance.now() - began).toFixed(0)} ms`);
});

t.test('on an empty Redis a new process asks when the last recorded call was', async (t) => {
  const settings = { limit: 5, windowSeconds: 10 };
  const closedMs = 2_000 + 10_000;
  const cases = [
    { what: 'none is recorded', since: async () => null, waits: 0 },
    { what: 'one that was 4 s ago', since: async () => 4_000, waits: closedMs - 4_000 },
    { what: 'one long ago: others have two pulses to object', since: async () => 1e9, waits: 5_500 },
    { what: 'calls that may still come', since: async () => -9_000, waits: closedMs + 9_000 },
    { what: 'Postgres does not tell', since: () => Promise.reject(new Error('away')), waits: closedMs },
  ];
  for (const { what, since, waits } of cases) {
    const redis = await freshRedis(t);
    const record = { note: () => {}, sinceLastMs: since };
    await openWindow(t, redis.url, settings, { record });
    const [opens, born] = await connect(t, redis.url).hmget(EPOCH, 'opens_at', 'born_at');
    t.ok(Math.abs(Number(opens) - Number(born) - waits) <= 20, `${what}: ${Number(opens) - Number(born)} ms`);
  }
});
