// People before jobs, over all processes; jobs are paced so that slots come free all the time, and never starve.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import type { CallWindow } from '../../src/limits/call-window.ts';
import { permitsOfRun } from '../../src/limits/interactive.ts';
import type { PermitSource } from '../../src/limits/permit.ts';
import { freshRedis } from '../support/redis.ts';
import type { Torn } from '../support/torn.ts';
import { connect, openWindow } from './support/window.ts';

const SETTINGS = { limit: 40, windowSeconds: 2 };
/** Of 40 slots jobs may take so many at once, the others at the pace of 2 s ÷ 18 = 111 ms. */
const AT_ONCE = 22;

/** The limit that is met: the token's, or a lower one of the API. */
for (const own of [null, 20])
  t.test(
    `a person waits for the next slot of the pace, not for a window, while backfills take all${own ? ' of an API' : ''}`,
    async (t) => {
      const redis = await freshRedis(t);
      const documented = own === null ? null : { calls: own, windowMs: 2_000 };
      const apiLimits = { windowOf: () => documented, quotaOf: () => null };
      const open = () => openWindow(t, redis.url, SETTINGS, { loadApiLimits: async () => apiLimits });
      for (const window of [await open(), await open()]) keepAsking(t, window, 20, false);
      const person = await open();
      await untilFull(t, redis.url, own);
      const waits: number[] = [];
      for (let call = 0; call < 12; call += 1) {
        const asked = performance.now();
        (await person.acquire('daily', { interactive: true })).used();
        waits.push(performance.now() - asked);
        await delay(70);
      }
      const worst = Math.max(...waits);
      t.comment(`a person waited ${waits.map((ms) => ms.toFixed(0)).join(', ')} ms`);
      t.ok(worst < 1_000, `${worst.toFixed(0)} ms at the most, and a window is 2,000 ms`);
    },
  );

t.test('what people took in one window is no hole in the next', async (t) => {
  const redis = await freshRedis(t);
  const windowSeconds = 8;
  const [jobs, person] = [
    await openWindow(t, redis.url, { limit: 40, windowSeconds }),
    await openWindow(t, redis.url, { limit: 40, windowSeconds }),
  ];
  const began = performance.now();
  keepAsking(t, jobs, 20, false);
  const waits: number[] = [];
  while (performance.now() - began < 2 * windowSeconds * 1_000) {
    const asked = performance.now();
    (await person.acquire('daily', { interactive: true })).used();
    waits.push(performance.now() - asked);
    await delay(600);
  }
  // 10 calls in the first window take 10 steps of 8 s ÷ 18 from the jobs; were they taken besides, nothing would come
  // free in the last 4 s of it, nor in those of any later one
  t.comment(`a person waited ${waits.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  t.ok(Math.max(...waits) < 2_000, `${Math.max(...waits).toFixed(0)} ms at the most`);
});

t.test('jobs keep a tenth when people ask for more than there is', async (t) => {
  const redis = await freshRedis(t);
  const people = await openWindow(t, redis.url, SETTINGS);
  const jobs = await openWindow(t, redis.url, SETTINGS);
  const flood = keepAsking(t, people, 50, true);
  await untilFull(t, redis.url);
  const backfill = keepAsking(t, jobs, 20, false);
  const before = flood.calls;
  while (flood.calls - before < 90) await delay(20);
  t.comment(`${backfill.calls} calls of jobs beside ${flood.calls - before} of people`);
  t.ok(backfill.calls >= 7, `${backfill.calls} calls of jobs`);
  t.ok(backfill.calls <= 20, 'and people keep the rest');
});

t.test(
  'on an idle window jobs take a little over half at once and the rest at a pace; people take all',
  async (t) => {
    const redis = await freshRedis(t);
    const window = await openWindow(t, redis.url, { limit: 40, windowSeconds: 20 });
    let jobs = 0;
    for (let call = 0; call < 30; call += 1)
      void window.acquire('daily').then(
        () => (jobs += 1),
        () => {},
      );
    await delay(600);
    // one step of the pace and what it makes up for: 2 s of 20 s ÷ 18
    t.ok(jobs >= AT_ONCE && jobs <= AT_ONCE + 4, `${jobs} jobs at once`);
    const began = performance.now();
    const asked = 40 - AT_ONCE - 6;
    await Promise.all(Array.from({ length: asked }, () => window.acquire('daily', { interactive: true })));
    t.ok(
      performance.now() - began < 1_000,
      `${asked} people in ${(performance.now() - began).toFixed(0)} ms`,
    );
  },
);

t.test('two processes with a backlog get the same', async (t) => {
  const redis = await freshRedis(t);
  const [a, b] = [await openWindow(t, redis.url, SETTINGS), await openWindow(t, redis.url, SETTINGS)];
  const first = keepAsking(t, a, 20, false);
  await untilFull(t, redis.url);
  const second = keepAsking(t, b, 20, false); // comes when the first holds everything
  while (second.calls === 0) await delay(20);
  const [ours, theirs] = [first.calls, second.calls];
  while (first.calls - ours + second.calls - theirs < 80) await delay(20);
  const share = (second.calls - theirs) / 80;
  t.ok(share > 0.25 && share < 0.75, `the second one has ${(share * 100).toFixed(0)} % of the calls`);
});

t.test('of a run that a person asked for, the first ten calls are interactive; of others none', async (t) => {
  const asked: (boolean | undefined)[] = [];
  const source: PermitSource = {
    acquire: async (_api_name, options) => {
      asked.push(options?.interactive);
      return { use_by: 0, used: () => {} };
    },
  };
  const run = permitsOfRun(source, true);
  for (let call = 0; call < 12; call += 1) await run.acquire('daily', { interactive: false });
  t.same(asked, [...Array(10).fill(true), false, false]);
  await permitsOfRun(source, false).acquire('daily');
  t.equal(asked.at(-1), false);
});

/** So many that call without a pause until the test ends. */
function keepAsking(t: Torn, window: CallWindow, many: number, interactive: boolean): { calls: number } {
  const count = { calls: 0 };
  let over = false;
  t.teardown(() => {
    over = true;
  });
  const call = async () => {
    while (!over) {
      const permit = await window.acquire('daily', { interactive });
      permit.used();
      count.calls += 1;
    }
  };
  for (let i = 0; i < many; i += 1) call().catch(() => {}); // refused when the window stops
  return count;
}

async function untilFull(t: Torn, url: string, own: number | null = null): Promise<void> {
  const client = connect(t, url);
  const pool = `b_{stock}:call_window${own ? ':documented:daily' : ''}`;
  while ((await client.hlen(`${pool}_job_weights`)) < (own ?? SETTINGS.limit)) await delay(20);
}
