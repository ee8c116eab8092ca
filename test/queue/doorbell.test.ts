/** An idle supervisor sleeps on the doorbell and wakes when there is something to claim (R25). */
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { ALIVE_TO_CLAIM_MS } from '../../src/supervisor/lease-keeper.ts';
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
    t.equal(await waiting, 'work', what);
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

t.test('the ring itself runs the claim that waits behind the sleep', async (t) => {
  const { queue, redis, connect } = await setup(t);
  const bed = async () => new Queue(await connect('dayline:test:bell', true), 'stock');
  const beds = { s1: await bed(), s2: await bed() };
  const sleep = (supervisor_id: 's1' | 's2') =>
    beds[supervisor_id].sleep({ supervisor_id, free: 1, lease_ms: LEASE_MS }, 5000, ALIVE_TO_CLAIM_MS);
  const asleep = async (count: number) => {
    while (!(await redis.info('clients')).includes(`blocked_clients:${count}`))
      await new Promise(setImmediate);
  };
  for (const id of ['s1', 's2']) await queue.tick(id, [], LEASE_MS);

  const rung = sleep('s1');
  await asleep(1);
  const first = await submitOne(queue);
  const { ring, claimed, now } = await rung;
  t.match({ ring, claimed }, { ring: 'work', claimed: [{ task_id: first, fence: 1 }] });
  t.equal(Number(await redis.zscore('{stock}:running', first)), now + LEASE_MS, 'its lease begins then');

  const woken = sleep('s1');
  await asleep(1);
  await queue.drain('s1', true);
  t.match(await woken, { ring: 'own', claimed: [] }, 'a wish for it wakes it');

  // It beats at least every 4 s, announces 8, and must be alive for 2.5 s more: it has missed one.
  await redis.zadd(queue.keys.supervisors, now + 2_000, 's1');
  const missed = sleep('s1');
  await asleep(1);
  const other = sleep('s2');
  await asleep(2);
  const second = await submitOne(queue);
  t.match(await missed, { ring: 'work', claimed: [] }, 'nothing for one that has missed a beat');
  t.match(await other, { ring: 'work', claimed: [{ task_id: second }] }, 'the ring went on to another');
});

t.test('silence ends at the time limit, and a finish with nothing left behind rings nobody', async (t) => {
  const { queue, redis, connect } = await setup(t);
  const bell = await connect('dayline:test:bell', true);
  t.equal(await queue.waitForBell(bell, 30), null);
  t.equal(await queue.waitForBell(bell, 0), null);
  await submitOne(queue);
  t.equal(await queue.waitForBell(bell, 1000), 'work');
  await queue.finish([ended(await claimOne(queue), 's1', COMPLETED)]);
  t.equal(await redis.llen(queue.keys.doorbell), 0);
});

t.test('the list of rings stays short', async (t) => {
  const { queue, redis } = await setup(t);
  for (let i = 0; i < 30; i++) await submitOne(queue);
  await queue.submit(Array.from({ length: 600 }, () => newTask()));
  t.ok((await redis.llen(queue.keys.doorbell)) <= 8);
});
