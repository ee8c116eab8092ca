// A process that was frozen wakes with permits whose slots others may have by now: they must not be used.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { freshRedis } from '../support/redis.ts';
import { startCaller } from './support/callers.ts';
import { mostInAnyWindow, startJudge } from './support/judge.ts';

const LIMIT = 20;
const WINDOW_MS = 2_000;
/** Longer than slots live without their owner: 2 + 1 + 2 + 2 s. */
const FROZEN_MS = 9_000;

t.test('SIGSTOP for longer than slots live, then SIGCONT', async (t) => {
  const redis = await freshRedis(t);
  const judge = await startJudge(t, 20);
  const settings = { redisUrl: redis.url, judgeUrl: judge.url, limit: LIMIT, windowSeconds: 2, inFlight: 10 };
  // between a permit and its call the first one thinks for half a second: there it will be caught
  const [frozen] = await Promise.all([
    startCaller(t, { ...settings, thinkMs: 500 }),
    startCaller(t, settings),
  ]);
  let late = 0;
  frozen.on('message', (message) => {
    if (message === 'late') late += 1;
  });
  await judge.arrived(LIMIT * 2);
  while ((await once(frozen, 'message'))[0] !== 'thinking');
  frozen.kill('SIGSTOP');
  await delay(FROZEN_MS);
  const whileFrozen = judge.arrivals.length;
  frozen.kill('SIGCONT');
  await judge.arrived(whileFrozen + LIMIT * 2);
  t.comment(`${judge.arrivals.length} calls, ${whileFrozen} before it woke`);
  t.ok(late > 0, `${late} permits were too late and thrown away`);
  t.equal(mostInAnyWindow(judge.arrivals, WINDOW_MS), LIMIT);
});
