// What TuShare refused to one call closes its API, or everything, for every process (D9).
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { Closures } from '../../src/limits/closures.ts';
import type { Refusal } from '../../src/limits/permit.ts';
import { freshRedis } from '../support/redis.ts';
import type { Torn } from '../support/torn.ts';
import { connect, windowConfig } from './support/window.ts';

const MINUTE: Refusal = {
  type: 'tushare_rate_limited',
  frequency: true,
  retry_after_ms: 60_000,
  message: '每分钟最多访问该接口195次',
};

/** Two processes' view of the closures of one Redis. */
async function twoClosures(t: Torn) {
  const redis = await freshRedis(t);
  const config = windowConfig({ limit: 195, windowSeconds: 60 });
  const open = () => new Closures(connect(t, redis.url), config);
  return { redis, ours: open(), theirs: open() };
}

t.test('a frequency error closes its API, and no other, in every process', async (t) => {
  const { ours, theirs } = await twoClosures(t);
  const closure = await ours.refused('daily', MINUTE, false);
  t.equal(closure?.scope, 'daily');
  const daily = await theirs.ask('daily', null);
  t.equal(daily.state, 'closed');
  if (daily.state !== 'closed') return;
  t.equal(daily.reason, MINUTE.message);
  t.equal(
    Math.round(((daily.closed_for_ms ?? 0) - (daily.ask_again_in_ms ?? 0)) / 1000),
    57,
    'a probe is due after 3 s',
  );
  t.same(await theirs.count('weekly', null), { state: 'open', probe: false });
});

t.test('one call is the probe; refused, the next is due after 6 s; answered, it reopens', async (t) => {
  const { redis, ours, theirs } = await twoClosures(t);
  await ours.refused('daily', MINUTE, false);
  await theirs.refused('daily', MINUTE, false); // a second call that was under way changes nothing
  await probeDue(t, redis.url, 'daily');
  t.same(await theirs.ask('daily', null), { state: 'open', probe: true }, 'asked only: nobody has it yet');
  const both = await Promise.all([ours.count('daily', null), theirs.count('daily', null)]);
  t.same(both.map(({ state }) => state).toSorted(), ['closed', 'open']);
  await ours.refused('daily', MINUTE, true);
  const next = await theirs.count('daily', null);
  if (next.state !== 'closed') return t.fail('it is closed again');
  t.equal(Math.round(((next.closed_for_ms ?? 0) - (next.ask_again_in_ms ?? 0)) / 1000), 54);
  t.ok(await ours.reopen('daily'));
  t.same(await theirs.count('daily', null), { state: 'open', probe: false });
});

t.test('after three refused probes only time reopens it', async (t) => {
  const { redis, ours } = await twoClosures(t);
  await ours.refused('daily', MINUTE, false);
  for (let probe = 1; probe <= 3; probe += 1) {
    await probeDue(t, redis.url, 'daily');
    t.same(await ours.count('daily', null), { state: 'open', probe: true });
    await ours.refused('daily', MINUTE, true);
  }
  const closed = await ours.count('daily', null);
  t.equal(closed.state, 'closed');
  if (closed.state === 'closed') t.equal(closed.ask_again_in_ms, closed.closed_for_ms);
});

t.test('hour and day quotas are not probed; permission and parameters close nothing', async (t) => {
  const { ours } = await twoClosures(t);
  const hour: Refusal = { ...MINUTE, frequency: false, retry_after_ms: 3_600_000 };
  await ours.refused('daily', hour, false);
  const closed = await ours.ask('daily', null);
  if (closed.state === 'closed') t.equal(closed.ask_again_in_ms, closed.closed_for_ms);
  t.equal(closed.state, 'closed');
  for (const type of ['tushare_no_permission', 'tushare_bad_request', 'tushare_token_invalid'] as const)
    t.equal(await ours.refused('weekly', { ...hour, type, retry_after_ms: null }, false), null);
  t.same(await ours.ask('weekly', null), { state: 'open', probe: false });
});

t.test('an IP limit closes everything for its time; a ban until a person reopens it', async (t) => {
  const { ours, theirs } = await twoClosures(t);
  const ip: Refusal = {
    type: 'tushare_ip_limited',
    frequency: false,
    retry_after_ms: 300,
    message: 'IP数量超限',
  };
  await ours.refused('daily', ip, false);
  t.equal((await theirs.ask('weekly', null)).state, 'closed');
  t.match(await theirs.list(), [{ scope: 'all', kind: 'ip_limited', reason: 'IP数量超限' }]);
  await delay(310);
  t.same(await theirs.ask('weekly', null), { state: 'open', probe: false }, 'its time is over');
  t.same(await theirs.list(), []);

  await ours.refused(
    'daily',
    { ...ip, type: 'tushare_banned', retry_after_ms: null, message: '恶意行为' },
    false,
  );
  await ours.refused('daily', ip, false);
  t.match(
    await theirs.ask('weekly', null),
    { state: 'closed', closed_for_ms: null, reason: '恶意行为' },
    'the longer stands',
  );
  t.ok(await theirs.reopen('all'));
  t.notOk(await theirs.reopen('all'));
  t.equal((await ours.ask('daily', null)).state, 'open');
});

t.test(
  'a daily quota gives its calls once over all processes, and closes until tomorrow in Shanghai',
  async (t) => {
    const { ours, theirs } = await twoClosures(t);
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, i) => (i % 2 ? ours : theirs).count('daily', 10)),
    );
    t.equal(asked.filter(({ state }) => state === 'open').length, 10);
    const closed = await ours.ask('daily', 10);
    if (closed.state !== 'closed') return t.fail('it is closed');
    const sinceMidnight = (Date.now() + 8 * 3_600_000) % 86_400_000;
    const day = sinceMidnight + (closed.closed_for_ms ?? 0);
    t.ok(Math.abs(day - 86_400_000) < 10_000, 'until midnight in Shanghai');
    t.equal((await theirs.ask('weekly', 10)).state, 'open');
    t.same(await ours.callsToday(), { daily: 10 });
  },
);

/** Makes the probe of a closed API due now, instead of waiting 3, 6 and 12 s for it. */
async function probeDue(t: Torn, url: string, scope: string): Promise<void> {
  const client = connect(t, url);
  const key = '{stock}:call_window:closures';
  const closure = JSON.parse((await client.hget(key, scope)) ?? '');
  await client.hset(key, scope, JSON.stringify({ ...closure, next_probe_at: 1 }));
}
