/** An idle supervisor sleeps on the doorbell and wakes when there is something to claim (R25). */
import t from 'tap';
import {
  COMPLETED,
  claim,
  claimOne,
  ended,
  newTask,
  retryIn,
  setup,
  submitOne,
  untilRedisTime,
} from './support.ts';

t.test('it wakes a sleeper', async (t) => {
  const { queue, redis, connect } = await setup(t);
  const bell = await connect('dayline:test:bell', true);
  const asleep = async () => {
    while (!/blocked_clients:1/.test(await redis.info('clients'))) await new Promise(setImmediate);
  };
  const rings = async (what: string, ring: () => Promise<unknown>) => {
    await redis.del(queue.keys.doorbell);
    const waiting = queue.waitForBell(bell, 5000);
    await asleep();
    const began = performance.now();
    await ring();
    t.equal(await waiting, true, what);
    t.ok(performance.now() - began < 1000, 'and at once');
  };
  const dataset = 'daily';
  await rings('a submission', () => queue.submit([newTask({ dataset }), newTask({ dataset })]));
  const run = await claimOne(queue);
  t.strictSame(await claim(queue, 's1', 1), [], 'the second is parked');
  await rings('a finish that un-parks', () => queue.finish([ended(run, 's1', COMPLETED)]));
  const second = await claimOne(queue);
  await queue.finish([ended(second, 's1', retryIn(5))]);
  const due = (await queue.get(second.task_id))?.next_run_at as number;
  await untilRedisTime(redis, due);
  await rings('a retry that is due', () => queue.tick('s1', [], 4000));
  await claimOne(queue, 'dead', 1);
  await untilRedisTime(redis, due + 20);
  await rings('a lost lease', () => queue.reap());
});

t.test('silence ends at the time limit, and a finish with nothing left behind rings nobody', async (t) => {
  const { queue, redis, connect } = await setup(t);
  const bell = await connect('dayline:test:bell', true);
  t.equal(await queue.waitForBell(bell, 30), false);
  t.equal(await queue.waitForBell(bell, 0), false);
  await submitOne(queue);
  t.equal(await queue.waitForBell(bell, 1000), true);
  await queue.finish([ended(await claimOne(queue), 's1', COMPLETED)]);
  t.equal(await redis.llen(queue.keys.doorbell), 0);
});

t.test('the list of rings stays short', async (t) => {
  const { queue, redis } = await setup(t);
  for (let i = 0; i < 30; i++) await submitOne(queue);
  await queue.submit(Array.from({ length: 600 }, () => newTask()));
  t.ok((await redis.llen(queue.keys.doorbell)) <= 8);
});
