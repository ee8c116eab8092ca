// Who gets a permit, and when its slot is free again.
import t from 'tap';
import { monotonicMs } from '../../src/clock.ts';
import { WindowClosed } from '../../src/limits/permit.ts';
import { freshRedis } from '../support/redis.ts';
import { openWindow, tokenUsage } from './support/window.ts';

t.test('a burst on an idle window takes no noticeable wait (R83)', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 195, windowSeconds: 60 });
  const began = performance.now();
  const good = await Promise.all(
    Array.from({ length: 100 }, async () => (await window.acquire('daily')).use_by > monotonicMs()),
  );
  const took = performance.now() - began;
  t.comment(`100 permits in ${took.toFixed(0)} ms`);
  t.ok(took < 10_000, `${took.toFixed(0)} ms for 100 permits; spread over the window they would take 30 s`);
  t.ok(
    good.every((one) => one),
    'all of them good when they came',
  );
  t.match(await tokenUsage(t, redis.url), { limit: 195, used: 100, free: 95 });
});

t.test('a slot is free one window after its call ended, not before', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  const permit = await window.acquire('daily');
  permit.used();
  const ended = performance.now();
  permit.used(); // twice is harmless
  await window.acquire('daily');
  const waited = performance.now() - ended;
  t.ok(waited >= 1_000, `not before the window is over (${waited.toFixed(1)} ms)`);
  t.ok(waited < 1_500, `and soon after (${waited.toFixed(1)} ms)`);
});

t.test('a permit is good for 2 s from the counting of its slot', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  const before = monotonicMs();
  const { use_by } = await window.acquire('daily');
  t.ok(use_by >= before + 2_000 && use_by <= monotonicMs() + 2_000);
});

t.test('people first, and first come first served among equals', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  const first = await window.acquire('daily');
  const order: string[] = [];
  const ask = async (name: string, interactive: boolean) => {
    const permit = await window.acquire('daily', { interactive });
    order.push(name);
    permit.used();
  };
  const all = [ask('job 1', false), ask('job 2', false), ask('person 1', true), ask('person 2', true)];
  first.used();
  await Promise.all(all);
  t.same(order, ['person 1', 'person 2', 'job 1', 'job 2']);
});

t.test('who stops waiting leaves the queue and uses no slot', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  const first = await window.acquire('daily');
  const abort = new AbortController();
  const given_up = window.acquire('daily', { signal: abort.signal });
  const next = window.acquire('daily');
  abort.abort(new Error('not any more'));
  await t.rejects(given_up, { message: 'not any more' });
  await t.rejects(window.acquire('daily', { signal: abort.signal }), { message: 'not any more' });
  first.used();
  const ended = performance.now();
  await next;
  t.ok(performance.now() - ended < 1_500, 'the next in line waits for one window, not for two');
});

t.test('when all have stopped waiting, the slot that comes is given back without a hold', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 2 });
  const first = await window.acquire('daily');
  const abort = new AbortController();
  const given_up = window.acquire('daily', { signal: abort.signal });
  abort.abort(new Error('not any more'));
  await t.rejects(given_up, { message: 'not any more' });
  first.used();
  const ended = performance.now();
  const other = await openWindow(t, redis.url, { limit: 1, windowSeconds: 2 });
  await other.acquire('daily');
  t.ok(performance.now() - ended < 3_500, 'another process gets it after one window, not after two');
});

t.test('a permit that is never given back stays counted, until Redis frees its slot', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  const lost = await window.acquire('daily');
  const began = performance.now();
  const next = await window.acquire('daily');
  const waited = performance.now() - began;
  t.ok(waited > 5_500, `2 s to use it + 1 s to call + 1 s of window + slack (${waited.toFixed(0)} ms)`);
  t.ok(waited < 8_000, `but not for ever (${waited.toFixed(0)} ms)`);
  lost.used(); // too late: it must not free anybody else's slot
  t.equal((await tokenUsage(t, redis.url)).used, 1);
  next.used();
});

t.test('stop ends at once; waiters are refused, and what was held stays counted', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 2, windowSeconds: 60 });
  const [used] = [await window.acquire('daily'), await window.acquire('daily')];
  used.used();
  const waiter = window.acquire('daily');
  waiter.catch(() => {});
  const began = performance.now();
  await window.stop();
  t.ok(performance.now() - began < 500, 'it does not wait for the holds');
  const refused = await waiter.catch((error) => error);
  t.ok(refused instanceof WindowClosed);
  await t.rejects(window.acquire('daily'), { name: 'WindowClosed' });
  t.equal((await tokenUsage(t, redis.url)).used, 2, 'both slots are still counted');
  await window.stop();
});

t.test('it can be started again', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 3, windowSeconds: 60 });
  await window.acquire('daily');
  await window.stop();
  await window.start();
  await window.acquire('daily');
  t.equal((await tokenUsage(t, redis.url)).used, 2, 'what its earlier life held is still counted');
});
