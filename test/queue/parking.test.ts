/** One task of a type runs at a time; the others wait aside and come back in their order. */
import t from 'tap';
import { COMPLETED, claim, claimOne, ended, newTask, retryIn, setup, submitOne } from './support.ts';

t.test('the next of a type runs when the one before has ended, by priority, then sequence', async (t) => {
  const { queue } = await setup(t);
  const dataset = 'daily';
  await queue.submit([
    newTask({ task_id: 'n1', dataset }),
    newTask({ task_id: 'l1', dataset, priority: 2 }),
    newTask({ task_id: 'n2', dataset }),
    newTask({ task_id: 'other' }),
  ]);
  const first = await claim(queue, 's1', 9);
  t.strictSame(
    first.map((task) => task.task_id),
    ['n1', 'other'],
  );
  t.match(await queue.depth(), { parked: 2, running: 2, queued: { high: 0, normal: 0, low: 0 } });
  await queue.submit([newTask({ task_id: 'h1', dataset, priority: 0 })]);
  t.strictSame(await claim(queue, 's1', 9), []);

  const order: string[] = [];
  const fences: number[] = [];
  let run = first[0];
  while (run) {
    order.push(run.task_id);
    fences.push(run.fence);
    const next = { supervisor_id: 's1', free: 1, lease_ms: 4000 };
    run = (await queue.finish([ended(run, 's1', COMPLETED)], next)).claimed[0];
  }
  t.strictSame(order, ['n1', 'h1', 'n2', 'l1']);
  t.strictSame(fences, [1, 2, 3, 4], 'every claim of the type raises its fence');
});

t.test('a type is free again after a retry, a hand-back and a lost lease', async (t) => {
  const { queue } = await setup(t);
  const dataset = 'daily';
  for (const outcome of [retryIn(60_000), { kind: 'closed', delay_ms: 60_000, reason: 'quota' } as const]) {
    await submitOne(queue, { dataset });
    await submitOne(queue, { dataset });
    const run = await claimOne(queue);
    t.strictSame(await claim(queue, 's1', 1), []);
    await queue.finish([ended(run, 's1', outcome)]);
    const second = await claimOne(queue);
    t.not(second.task_id, run.task_id);
    await queue.finish([ended(second, 's1', COMPLETED)]);
  }
});

t.test('cancelling the one whose turn it is does not block the rest of its type', async (t) => {
  const { queue } = await setup(t);
  const dataset = 'daily';
  const [one, two, three] = [
    await submitOne(queue, { dataset }),
    await submitOne(queue, { dataset }),
    await submitOne(queue, { dataset }),
  ];
  const run = await claimOne(queue);
  t.equal(run.task_id, one);
  t.strictSame(await claim(queue, 's1', 1), []);
  await queue.finish([ended(run, 's1', COMPLETED)]);
  t.strictSame(await queue.position(two as string), { place: 'queue', ahead: 0 });
  await queue.cancel(two as string);
  t.equal((await claimOne(queue)).task_id, three);
});

t.test('many queued tasks of a busy type do not hide the others behind them', async (t) => {
  const { queue } = await setup(t);
  await queue.submit(Array.from({ length: 1001 }, () => newTask({ dataset: 'daily' })));
  const other = await submitOne(queue, { priority: 2 });
  const claimed = await claim(queue, 's1', 2);
  t.equal(claimed.length, 2);
  t.equal(claimed[1]?.task_id, other);
  t.equal((await queue.depth()).parked, 1000);
});

t.test(
  'nobody holds a type whose key was deleted by hand: its next task does not wait for ever',
  async (t) => {
    const { queue, redis } = await setup(t);
    const dataset = 'daily';
    await queue.submit([newTask({ task_id: 'a', dataset }), newTask({ task_id: 'b', dataset })]);
    const [run] = await claim(queue, 's1', 2);
    if (!run) return t.fail('a claim expected');
    await redis.del('{stock}:type:daily.incremental');
    await queue.finish([ended(run, 's1', COMPLETED)]);
    t.equal((await claimOne(queue)).task_id, 'b');
  },
);

t.test(
  'the hashes of those whose turn it is are deleted by hand: the rest of their type comes',
  async (t) => {
    const { queue, redis } = await setup(t);
    const dataset = 'daily';
    for (const task_id of ['a', 'b', 'c', 'd']) await submitOne(queue, { task_id, dataset });
    const run = await claimOne(queue);
    t.strictSame(await claim(queue, 's1', 1), []);
    await queue.finish([ended(run, 's1', COMPLETED)]);
    t.strictSame(await queue.position('b'), { place: 'queue', ahead: 0 });
    await redis.del(queue.keys.task('b'));
    await redis.del(queue.keys.task('c'));
    t.equal((await claimOne(queue)).task_id, 'd');
    t.match(await queue.depth(), { parked: 0, pending: 0 });
  },
);
