/** A cancelled task never runs, wherever it waited and whoever was about to claim it (R51, R52). */
import t from 'tap';
import { ApiError } from '../../src/errors.ts';
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

t.test('a task is cancelled from the queue, from parked and from delayed', async (t) => {
  const { queue, redis } = await setup(t);
  const queued = await submitOne(queue, { priority: 2 });
  t.match(await queue.cancel(queued), { status: 'cancelled', attempt: 0 });
  t.strictSame(await claim(queue, 's1', 5), []);

  const holder = await submitOne(queue, { dataset: 'daily' });
  const parked = await submitOne(queue, { dataset: 'daily' });
  const run = await claimOne(queue);
  t.strictSame(await claim(queue, 's1', 5), []);
  t.match(await queue.position(parked), { place: 'parked' });
  await queue.cancel(parked);
  await queue.finish([ended(run, 's1', COMPLETED)]);
  t.strictSame(await claim(queue, 's1', 5), []);
  t.match(await queue.get(holder), { status: 'completed' });

  const delayed = await submitOne(queue);
  await queue.finish([ended(await claimOne(queue), 's1', retryIn(20))]);
  const due = (await queue.get(delayed))?.next_run_at as number;
  t.match(await queue.cancel(delayed), { status: 'cancelled', attempt: 1, next_run_at: null });
  t.equal(await redis.zcard('{stock}:delayed'), 0);
  await untilRedisTime(redis, due);
  await queue.tick('s1', [], 4000);
  t.strictSame(await claim(queue, 's1', 5), []);
  for (const id of [queued, parked, delayed]) {
    t.match(await queue.get(id), { status: 'cancelled', completed_at: Number });
  }
});

t.test('a running one is refused and told about stop; ended and unknown ones are refused', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue);
  const run = await claimOne(queue);
  await t.rejects(queue.cancel(id), {
    code: 'TASK_NOT_PENDING',
    message: /is running.*use stop/,
  });
  await queue.finish([ended(run, 's1', COMPLETED)]);
  await t.rejects(queue.cancel(id), { code: 'TASK_NOT_PENDING', status: 409 });
  await t.rejects(queue.cancel('nobody'), { code: 'TASK_NOT_FOUND', status: 404 });
  t.match(await queue.get(id), { status: 'completed' });
});

t.test(
  'many cancelled in the middle: the first that is left is known before anybody claims it',
  async (t) => {
    const { queue } = await setup(t);
    const submitted = await queue.submit(Array.from({ length: 300 }, () => newTask()));
    const ids = submitted.map((task) => task.task_id);
    for (const id of ids.slice(1, 250)) await queue.cancel(id);
    await claimOne(queue);
    const { pending, oldest_pending_ms } = await queue.depth();
    t.equal(pending, 50);
    const { created_at } = (await queue.get(ids[250] as string)) as { created_at: number };
    const { created_at: newest } = (await queue.get(ids[299] as string)) as { created_at: number };
    t.ok(oldest_pending_ms !== null && oldest_pending_ms >= newest - created_at, `${oldest_pending_ms} ms`);
    for (const id of ids.slice(250)) await queue.cancel(id);
    t.match(await queue.depth(), { pending: 0, oldest_pending_ms: null });
  },
);

t.test('cancel against claim, 400 rounds: exactly one of them wins', async (t) => {
  const { queue, another } = await setup(t);
  const rival = await another();
  const wins = { cancel: 0, claim: 0 };
  for (let round = 0; round < 400; round++) {
    const id = await submitOne(queue);
    const calls = [() => queue.cancel(id).catch((error: unknown) => error), () => claim(rival, 's1', 1)];
    if (round % 2) calls.reverse();
    const answers = await Promise.all(calls.map((call) => call()));
    const claimed = answers.find(Array.isArray) as Awaited<ReturnType<typeof claim>>;
    const cancelled = !answers.some((answer) => answer instanceof ApiError);
    if (cancelled === (claimed.length === 1)) t.fail(`round ${round}: both or neither`);
    wins[cancelled ? 'cancel' : 'claim']++;
    const run = claimed[0];
    if (run) await rival.finish([ended(run, 's1', COMPLETED)]);
  }
  t.ok(wins.cancel > 0 && wins.claim > 0, `cancel won ${wins.cancel}, claim ${wins.claim}`);
});
