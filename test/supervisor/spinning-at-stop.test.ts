/** SIGTERM while a task listens to nothing: terminated, handed back, and the process gone in time (Heroku gives 30 s). */
import t from 'tap';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

/** Requirement: a graceful shutdown takes 25 s at the most. */
const SHUTDOWN_AT_MOST_MS = 25_000;

t.test('a spinning task costs the shutdown its 15 s, and no attempt', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2' });
  const spins = await submit(queue, 'spin');
  const listens = await submit(queue, 'steady', { params: { steps: 500, step_ms: 100 } });
  for (const id of [spins, listens]) await until(queue, id, ({ status }) => status === 'running');
  const began = performance.now();
  t.equal(await supervisor.stop(), 0);
  const tookMs = performance.now() - began;
  t.ok(tookMs < SHUTDOWN_AT_MOST_MS, `gone after ${Math.round(tookMs)} ms`);
  for (const id of [spins, listens]) {
    t.match(await queue.get(id), { status: 'pending', attempt: 0, losses: 0, owner: null });
  }
});
