/** A supervisor with nothing to do sleeps in Redis instead of asking it again and again (R25). */

import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const IDLE_MS = 5_000;
/** More than half of a lease, and less than one. */
const FROZEN_MS = 2_300;

t.test('it blocks in BLPOP, asks for no work meanwhile, and wakes for a task', async (t) => {
  const server = await freshRedis(t);
  const queue = await openTestQueue(t, server.url);
  const redis = openRedis(server.url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  const supervisor = await startSupervisor(t, { REDIS_URL: server.url });
  const asleep = async () => {
    const clients = (await redis.call('CLIENT', 'LIST')) as string;
    return clients.split('\n').some((line) => /name=dayline:doorbell .*flags=b.* cmd=blpop/.test(line));
  };
  const atRest = async () =>
    (await redis.hvals(queue.keys.supervisorDetails)).join().includes('"silent_ms":8000');
  while (!(await asleep()) || !(await atRest())) await delay(20);
  await redis.config('RESETSTAT');
  await delay(IDLE_MS); // what does not happen has no signal
  const stats = await redis.info('commandstats');
  const calls = (name: string) => Number(new RegExp(`cmdstat_${name}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
  t.equal(calls('lpop'), 0, 'no queue is looked at');
  t.equal(calls('blpop'), 0, 'it still sleeps');
  const beats = calls('evalsha') + calls('eval'); // its text, where it was never sent before
  t.ok(beats >= 1 && beats <= 2, `${beats} beats in ${IDLE_MS / 1000} s`);
  t.match((await queue.crew()).supervisors, [{ alive: true }], 'and counts as alive all the same');
  await until(queue, await submit(queue, 'noop'), (task) => task.status === 'completed');

  // Claimed by the ring while it is frozen: it hears of it too late.
  while (!(await asleep()) || !(await atRest())) await delay(20);
  process.kill(supervisor.pid, 'SIGSTOP');
  const id = await submit(queue, 'noop');
  await until(queue, id, (task) => task.status === 'running');
  await delay(FROZEN_MS);
  process.kill(supervisor.pid, 'SIGCONT');
  const ended = await until(queue, id, (task) => task.status === 'completed');
  t.match(ended, { fence: 3, attempt: 1, losses: 0 }, 'it went back unbegun, and used no attempt');
});
