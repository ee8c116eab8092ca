/** High before normal before low, first come first served within a priority (R24). */
import t from 'tap';
import type { Priority } from '../../src/queue/task.ts';
import { claim, claimOne, newTask, setup, submitOne } from './support.ts';

t.test('tasks are claimed by priority, then in the order of submission', async (t) => {
  const { queue } = await setup(t);
  const priorities: Priority[] = [2, 1, 0, 1, 2, 0, 1, 0, 2, 1];
  await queue.submit(priorities.map((priority, i) => newTask({ task_id: `t${i}`, priority })));
  const order: string[] = [];
  for (let i = 0; i < priorities.length; i++) order.push((await claimOne(queue)).task_id);
  t.strictSame(order, ['t2', 't5', 't7', 't1', 't3', 't6', 't9', 't0', 't4', 't8']);
  t.strictSame(await claim(queue, 's1', 5), []);
});

t.test('a batch has the same order as one by one', async (t) => {
  const { queue } = await setup(t);
  await queue.submit(Array.from({ length: 1200 }, (_, i) => newTask({ task_id: `t${i}` })));
  const claimed = await claim(queue, 's1', 1200);
  t.strictSame(
    claimed.map((task) => task.task_id),
    Array.from({ length: 1200 }, (_, i) => `t${i}`),
  );
});

t.test('reserved threads take high priority only', async (t) => {
  const { queue } = await setup(t);
  await queue.submit([
    ...Array.from({ length: 4 }, (_, i) => newTask({ task_id: `low${i}`, priority: 2 })),
    ...Array.from({ length: 2 }, (_, i) => newTask({ task_id: `high${i}`, priority: 0 })),
  ]);
  const request = { supervisor_id: 's1', lease_ms: 4000 };
  const ids = async (free: number, reserved: number) =>
    (await queue.claim({ ...request, free, reserved })).map((task) => task.task_id);
  t.strictSame(await ids(0, 1), ['high0']);
  t.strictSame(await ids(2, 1), ['high1', 'low0', 'low1'], 'the high one stands on the reserved thread');
  t.strictSame(await ids(0, 1), []);
  t.strictSame(await ids(9, 0), ['low2', 'low3']);
});

t.test('the position says how many come before', async (t) => {
  const { queue } = await setup(t);
  await queue.submit([
    newTask({ task_id: 'a' }),
    newTask({ task_id: 'b', priority: 2 }),
    newTask({ task_id: 'c', dataset: 'same', priority: 0 }),
    newTask({ task_id: 'd', dataset: 'same', priority: 0 }),
  ]);
  t.strictSame(await queue.position('b'), { place: 'queue', ahead: 3 });
  t.strictSame(await queue.position('c'), { place: 'queue', ahead: 0 });
  await claim(queue, 's1', 2);
  t.strictSame(await queue.position('c'), { place: 'running', ahead: null });
  t.strictSame(await queue.position('d'), { place: 'parked', ahead: 1 });
  t.strictSame(await queue.position('b'), { place: 'queue', ahead: 0 });
  t.equal(await queue.position('nobody'), null);
});

t.test('a task that goes back keeps its old place', async (t) => {
  const { queue } = await setup(t);
  const first = await submitOne(queue);
  await submitOne(queue);
  const run = await claimOne(queue);
  t.equal(run.task_id, first);
  const back = { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' } as const;
  await queue.finish([{ ...run, supervisor_id: 's1', outcome: back }]);
  t.equal((await claimOne(queue)).task_id, first);
});
