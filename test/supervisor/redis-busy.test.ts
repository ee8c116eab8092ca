import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t from 'tap';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const SPIN = `local function ms() local t = redis.call('TIME') return t[1] * 1000 + t[2] / 1000 end
local ends = ms() + ARGV[1]
while ms() < ends do end`;

t.test('somebody else keeps Redis busy with a script: supervisors wait as for any outage', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '1' });
  const task_id = await submit(queue, 'steady', { params: { steps: 80, step_ms: 100 } });
  await until(queue, task_id, (task) => task.progress > 0);
  const other = new Redis(redis.url);
  t.teardown(() => other.disconnect());
  await other.config('SET', 'lua-time-limit', '100');
  await other.eval(SPIN, 0, 6_000);
  await until(queue, task_id, (task) => task.status === 'completed', 30_000);
  const said = (words: RegExp) => supervisor.log.filter(({ msg }) => words.test(String(msg))).length;
  t.equal(said(/crashed/), 0, 'nothing crashed');
  t.equal(said(/^Redis is away/), 1, 'the outage is told once');
  t.equal(said(/progress could not be stored/), 0, 'and not again with every progress');
});

t.test('an outage of Redis takes a few lines of the log, not one for every attempt', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, SUPERVISOR_THREADS: '1' });
  const task_id = await submit(queue, 'steady', { params: { steps: 30, step_ms: 100 } });
  await until(queue, task_id, (task) => task.progress > 0);
  const before = supervisor.log.length;
  await redis.stop();
  await delay(2_500); // the length of the outage itself
  const lines = supervisor.log.length - before;
  t.ok(lines <= 6, `${lines} lines`);
  await redis.restart();
  await until(queue, task_id, (task) => task.status === 'completed', 30_000);
});
