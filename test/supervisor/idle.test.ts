/** A supervisor with nothing to do sleeps in Redis instead of asking it again and again (R25). */

import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const IDLE_MS = 3_000;

t.test('it blocks in BLPOP, asks for no work meanwhile, and wakes for a task', async (t) => {
  const server = await freshRedis(t);
  const queue = await openTestQueue(t, server.url);
  const redis = openRedis(server.url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  await startSupervisor(t, { REDIS_URL: server.url });
  const asleep = async () => {
    const clients = (await redis.call('CLIENT', 'LIST')) as string;
    return clients.split('\n').some((line) => /name=dayline:doorbell .*flags=b.* cmd=blpop/.test(line));
  };
  while (!(await asleep())) await delay(20);
  const pops = async () =>
    Number(/cmdstat_lpop:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
  const calls = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
  const before = { pops: await pops(), calls: await calls() };
  await delay(IDLE_MS); // what does not happen has no signal
  const looks = (await pops()) - before.pops;
  // three queues are looked at by the safety poll, once in seconds
  t.ok(looks <= 12, `the queues were looked at ${looks} times in ${IDLE_MS / 1000} s`);
  t.comment(`${(await calls()) - before.calls} commands in ${IDLE_MS / 1000} s, those of scripts included`);
  t.ok(await asleep(), 'it still sleeps');
  const bells = Number(/cmdstat_blpop:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1]);
  t.ok(bells <= 5, `BLPOP was called ${bells} times in all`);
  await until(queue, await submit(queue, 'noop'), (task) => task.status === 'completed');
});
