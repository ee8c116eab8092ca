/** What a person has of an id leads to the task or the execution, wherever it stands. */
import t from 'tap';
import { claimAll, finishRun, submitGraph } from './execution-support.ts';
import { COMPLETED, claimOne, ended, FAILED, newTask, retryIn, setup } from './support.ts';

t.test('by the beginning of its id, in every place where a task can stand', async (t) => {
  const { queue } = await setup(t);
  const dataset = 'daily';
  const end = async (outcome: Parameters<typeof ended>[2]) =>
    queue.finish([ended(await claimOne(queue), 's1', outcome)]);
  for (const [task_id, outcome] of [
    ['id-completed', COMPLETED],
    ['id-failed', FAILED],
    ['id-delayed', retryIn(60_000)],
  ] as const) {
    await queue.submit([newTask({ task_id, priority: 0 })]);
    await end(outcome);
  }
  await queue.submit([newTask({ task_id: 'id-cancelled' })]);
  await queue.cancel('id-cancelled');
  await queue.submit([
    newTask({ task_id: 'id-running', dataset }),
    newTask({ task_id: 'id-parked', dataset }),
  ]);
  await queue.claim({ supervisor_id: 's1', free: 2, lease_ms: 4000 });
  await queue.submit([0, 1, 2].map((p) => newTask({ task_id: `id-queued${p}`, priority: p as 0 | 1 | 2 })));
  await queue.submit([newTask({ task_id: 'another' })]);
  const found = async (text: string, limit = 20) =>
    (await queue.find(text, limit)).tasks.map(({ task_id }) => task_id);
  const all = [
    'running',
    'parked',
    'delayed',
    'failed',
    'completed',
    'cancelled',
    'queued0',
    'queued1',
    'queued2',
  ];
  t.strictSame((await found('id-')).toSorted(), all.map((place) => `id-${place}`).toSorted());
  t.strictSame(await found('id-queued1'), ['id-queued1']);
  t.strictSame(await found('ID-'), []);
  t.equal((await found('id-', 3)).length, 3);
});

t.test('a whole id is found behind thousands of newer ones; executions beside tasks', async (t) => {
  const { queue } = await setup(t);
  const { execution_id, ids } = await submitGraph(queue, { a: '' });
  await finishRun(queue, (await claimAll(queue)).a, COMPLETED);
  await queue.submit([newTask({ task_id: 'the-oldest' })]);
  await queue.submit(Array.from({ length: 1500 }, () => newTask()));
  t.strictSame((await queue.find('the-old', 10)).tasks, [], 'the newest 1,000 are searched');
  t.match(await queue.find('the-oldest', 10), { tasks: [{ task_id: 'the-oldest' }] });
  const { tasks, executions } = await queue.find(execution_id.slice(0, 8), 10);
  t.match(executions, [{ execution_id, status: 'completed' }]);
  t.strictSame(tasks, []);
  t.match(await queue.find((ids.a as string).slice(0, 8), 10), { tasks: [{ task_id: ids.a }] });
});
