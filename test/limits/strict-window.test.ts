// The product's promise: never more than the limit in any trailing window, over three processes, one of them
// killed with -9 in the middle, and with clocks that differ by 20 minutes.
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { freshRedis } from '../support/redis.ts';
import { startCaller } from './support/callers.ts';
import { mostInAnyWindow, startJudge, utilisation } from './support/judge.ts';

const LIMIT = 40;
const WINDOW_MS = 2_000;
/** Ten minutes wrong, both ways: only the clock of Redis counts. */
const CLOCKS_OFF_MS = [0, 600_000, -600_000];
/** Only the calls that the killed process had under way are held for longer; the rest is the latency, and a busy machine. */
const UTILISATION_FLOOR = 0.8;

t.test('three processes never make more than 40 calls in any 2 s, through a kill -9', async (t) => {
  const redis = await freshRedis(t);
  const judge = await startJudge(t, 20);
  const settings = { redisUrl: redis.url, judgeUrl: judge.url, limit: LIMIT, windowSeconds: 2, inFlight: 20 };
  const callers = await Promise.all(
    CLOCKS_OFF_MS.map((clockOffMs) => startCaller(t, { ...settings, clockOffMs })),
  );
  await judge.arrived(LIMIT * 2);
  const [victim] = callers;
  const beforeKill = judge.arrivals.length;
  if (!victim) throw new Error('no caller');
  const died = once(victim, 'exit');
  victim.kill('SIGKILL');
  await died;
  await delay(9_000); // the length of the observation itself
  const arrivals = [...judge.arrivals];

  const most = mostInAnyWindow(arrivals, WINDOW_MS);
  const used = utilisation(arrivals, LIMIT, WINDOW_MS);
  t.comment(`${arrivals.length} calls, ${beforeKill} before the kill`);
  t.comment(`most in any window ${most} of ${LIMIT}, utilisation ${used.toFixed(3)}`);
  t.equal(most, LIMIT, 'the window is filled, and never more');
  t.ok(used >= UTILISATION_FLOOR, `utilisation ${used.toFixed(3)} is at least ${UTILISATION_FLOOR}`);
  t.ok(arrivals.length > beforeKill + LIMIT * 2, 'the others go on after the kill');
});
