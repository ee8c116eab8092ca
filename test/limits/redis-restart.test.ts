// Redis is killed and comes back with its append-only file: the window goes on, and stays strict.
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { freshRedis } from '../support/redis.ts';
import { startCaller } from './support/callers.ts';
import { mostInAnyWindow, startJudge } from './support/judge.ts';

const LIMIT = 20;
const WINDOW_MS = 2_000;

t.test('kill -9 of a Redis that has stopped to answer, in the middle of calls', async (t) => {
  const redis = await freshRedis(t);
  const judge = await startJudge(t, 20);
  const settings = { redisUrl: redis.url, judgeUrl: judge.url, limit: LIMIT, windowSeconds: 2, inFlight: 10 };
  await Promise.all([startCaller(t, settings), startCaller(t, settings)]);
  await judge.arrived(LIMIT + LIMIT / 2);
  redis.freeze();
  await delay(500); // calls under way end, and what is sent now is never answered
  await redis.kill();
  const beforeRestart = judge.arrivals.length;
  await redis.restart();
  await judge.arrived(beforeRestart + LIMIT * 3);
  t.comment(`${judge.arrivals.length} calls, ${beforeRestart} before the restart`);
  t.equal(mostInAnyWindow(judge.arrivals, WINDOW_MS), LIMIT);
});
