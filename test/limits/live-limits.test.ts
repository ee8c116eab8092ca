// Processes with different settings: the lowest limit and the longest window of those that live hold for all.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { freshRedis } from '../support/redis.ts';
import { connect, openWindow, tokenUsage } from './support/window.ts';

t.test('a lower limit holds at once, also for processes that run already', async (t) => {
  const redis = await freshRedis(t);
  const old = await openWindow(t, redis.url, { limit: 5, windowSeconds: 60 });
  for (let call = 0; call < 2; call += 1) await old.acquire('daily');
  await openWindow(t, redis.url, { limit: 2, windowSeconds: 60 });
  t.match(await tokenUsage(t, redis.url), { limit: 2, used: 2, free: 0 });
  const waiting = old.acquire('daily').then(
    () => 'granted',
    () => 'refused',
  );
  t.equal(await Promise.race([waiting, delay(1_500, 'waits')]), 'waits');
});

t.test('a higher one does not, until the low process has gone', async (t) => {
  const redis = await freshRedis(t);
  const low = await openWindow(t, redis.url, { limit: 2, windowSeconds: 60 });
  const high = await openWindow(t, redis.url, { limit: 5, windowSeconds: 60 });
  t.equal((await tokenUsage(t, redis.url)).limit, 2);
  await low.stop();
  for (let call = 0; call < 5; call += 1) await high.acquire('daily');
  t.match(await tokenUsage(t, redis.url), { limit: 5, used: 5 }, 'it said goodbye');
});

t.test('a process that was killed says nothing, and is forgotten after 10 s', async (t) => {
  const redis = await freshRedis(t);
  const client = connect(t, redis.url);
  const window = await openWindow(t, redis.url, { limit: 5, windowSeconds: 60 });
  const seconds = Number((await client.time())[0]);
  const PROCESSES = '{stock}:call_window:processes';
  await client.hset(
    PROCESSES,
    'killed',
    `2:60000:${(seconds - 11) * 1000}`,
    'alive',
    `3:60000:${seconds * 1000}`,
  );
  (await window.acquire('daily')).used(); // it was at rest: it beats first
  t.equal(await client.hexists(PROCESSES, 'killed'), 0);
  t.equal((await tokenUsage(t, redis.url)).limit, 3);
});

t.test('a longer window holds for all', async (t) => {
  const redis = await freshRedis(t);
  const short = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  await openWindow(t, redis.url, { limit: 1, windowSeconds: 4 });
  await delay(2_700); // one pulse of the older process
  (await short.acquire('daily')).used();
  const ended = performance.now();
  await short.acquire('daily');
  const waited = performance.now() - ended;
  t.ok(waited >= 4_000, `${waited.toFixed(0)} ms`);
});
