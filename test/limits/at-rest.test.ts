// A process at rest costs Redis next to nothing, and what it holds needs it no more.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { mayBeUsed } from '../../src/limits/permit.ts';
import { freshRedis } from '../support/redis.ts';
import { connect, openWindow } from './support/window.ts';

t.test('at rest a window sends 0.4 commands a second, and next to none when no slot is held', async (t) => {
  const open = async () => {
    const redis = await freshRedis(t);
    const window = await openWindow(t, redis.url, { limit: 195, windowSeconds: 60 });
    return { window, client: connect(t, redis.url) };
  };
  const [held, unused] = [await open(), await open()];
  for (let call = 0; call < 5; call += 1) (await held.window.acquire('daily')).used();
  await delay(200);
  for (const { client } of [held, unused]) await client.config('RESETSTAT');
  await delay(6_000);
  const scripts = (stats: string) => Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  const stats = await held.client.info('commandstats');
  const sent = scripts(stats);
  t.ok(sent >= 1 && sent <= 3, `${sent} scripts in 6 s, one every 2.5 s`);
  t.notMatch(stats, /cmdstat_publish/, 'and none of them wakes the others');
  t.equal(scripts(await unused.client.info('commandstats')), 0);
});

t.test('a limit that came up while a window was at rest holds for its next call', async (t) => {
  const redis = await freshRedis(t);
  const resting = await openWindow(t, redis.url, { limit: 5, windowSeconds: 1 });
  await openWindow(t, redis.url, { limit: 5, windowSeconds: 60 });
  (await resting.acquire('daily')).used();
  const client = connect(t, redis.url);
  const [, end = 0] = await client.zrange('b_{stock}:call_window_job_expirations', '0', '0', 'WITHSCORES');
  t.ok(Number(end) > Date.now() + 50_000, 'its slot is held for the longer window');
});

t.test('slots come free in time though their process has died', async (t) => {
  const redis = await freshRedis(t);
  const dying = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  const other = await openWindow(t, redis.url, { limit: 1, windowSeconds: 1 });
  (await dying.acquire('daily')).used();
  const client = connect(t, redis.url);
  const held = async () =>
    Number((await client.zrange('b_{stock}:call_window_job_expirations', '0', '0', 'WITHSCORES'))[1]);
  while ((await held()) > Date.now() + 2_000) await delay(10); // until Redis knows that the call has ended
  const began = performance.now();
  await dying.stop();
  await other.acquire('daily');
  t.ok(
    performance.now() - began < 3_000,
    'after a window, not after the 6 s that a call under way would count',
  );
});

t.test('a permit is not used after the machine has slept, whichever clock shows it', (t) => {
  const permit = { use_by: 12_000, use_by_wall: 1_000_012_000 };
  t.ok(mayBeUsed(permit, 10_500, 1_000_010_500));
  t.notOk(mayBeUsed(permit, 12_000, 1_000_012_000), 'too late by both');
  t.notOk(mayBeUsed(permit, 10_500, 1_000_013_000), 'the monotonic clock stood still for 2.5 s');
  t.notOk(mayBeUsed(permit, 10_500, 1_000_010_900), 'or for 0.4 s');
  t.notOk(
    mayBeUsed(permit, 10_500, 999_000_000),
    'the wall clock was set back meanwhile: nothing is certain',
  );
  t.ok(mayBeUsed({ use_by: 12_000 }, 10_500, 0), 'without a wall clock the other one decides');
  t.end();
});
