/** Listing, counting and forgetting come from the indexes, never from a scan of the keys. */
import t from 'tap';
import { allKeys, COMPLETED, claim, ended, FAILED, newTask, setup, submitOne } from './support.ts';

t.test('pages are newest first, by status, by type, and over all', async (t) => {
  const { queue } = await setup(t);
  await queue.submit(
    Array.from({ length: 25 }, (_, i) => newTask({ task_id: `t${i}`, dataset: i % 5 ? `d${i}` : 'five' })),
  );
  const [first, second, third] = await claim(queue, 's1', 3);
  if (!first || !second || !third) return t.fail('three claims expected');
  await queue.finish([ended(first, 's1', COMPLETED), ended(second, 's1', FAILED)]);
  const ids = async (query: Parameters<typeof queue.list>[0]) => {
    const { tasks, total } = await queue.list(query);
    return [total, ...tasks.map((task) => task.task_id)];
  };
  t.strictSame(await ids({ limit: 4 }), [25, 't24', 't23', 't22', 't21']);
  t.strictSame(await ids({ offset: 21, limit: 9 }), [25, 't3', 't2', 't1', 't0']);
  t.strictSame(await ids({ offset: 40 }), [25]);
  t.strictSame(await ids({ status: 'pending', offset: 20, limit: 5 }), [22, 't4', 't3']);
  t.strictSame(await ids({ status: 'running' }), [1, 't2']);
  t.strictSame(await ids({ status: 'completed' }), [1, 't0']);
  t.strictSame(await ids({ status: 'failed' }), [1, 't1']);
  t.strictSame(await ids({ status: 'cancelled' }), [0]);
  t.strictSame(await ids({ job_type: 'five.incremental', offset: 1, limit: 3 }), [5, 't15', 't10', 't5']);
  t.strictSame(await ids({ job_type: 'five.incremental', status: 'completed' }), [1, 't0']);
  t.strictSame(await ids({ job_type: 'nothing' }), [0]);
});

t.test('the depth counts every place once', async (t) => {
  const { queue } = await setup(t);
  t.strictSame(await queue.depth(), {
    queued: { high: 0, normal: 0, low: 0 },
    running: 0,
    delayed: 0,
    parked: 0,
    blocked: 0,
    pending: 0,
    oldest_pending_ms: null,
    supervisors: 0,
    unaudited: 0,
    oldest_unaudited_ms: null,
  });
  const dataset = 'daily';
  await queue.submit(
    [0, 0, 0, 1, 2].map((priority) => newTask({ dataset, priority: priority as 0 | 1 | 2 })),
  );
  const [run] = await claim(queue, 's1', 1);
  if (!run) return t.fail('a claim expected');
  t.match(await queue.depth(), { queued: { high: 2, normal: 1, low: 1 }, running: 1, parked: 0, pending: 4 });
  t.strictSame(await claim(queue, 's1', 1), []);
  await queue.tick('s1', [run], 4000);
  const depth = await queue.depth();
  t.match(depth, { queued: { high: 0, normal: 0, low: 0 }, parked: 4, pending: 4, supervisors: 1 });
  t.ok((depth.oldest_pending_ms as number) >= 0 && (depth.oldest_pending_ms as number) < 60_000);
  await queue.tick('s2', [], 4000);
  t.equal((await queue.depth()).supervisors, 2);
  await queue.leave('s2');
  t.equal((await queue.depth()).supervisors, 1);
  await queue.finish([ended(run, 's1', { kind: 'closed', delay_ms: 9999, reason: 'quota' })]);
  t.match(await queue.depth(), { queued: { high: 1 }, delayed: 1, parked: 3, running: 0, pending: 5 });
});

t.test('two prefixes on one Redis do not see each other', async (t) => {
  const { queue, redis } = await setup(t);
  const { Queue } = await import('../../src/queue/queue.ts');
  const other = new Queue(redis, 'another');
  await submitOne(queue);
  t.strictSame(await claim(other, 's1', 1), []);
  t.equal((await other.list()).total, 0);
  t.ok(
    (await allKeys(redis)).every((key) => key.startsWith('{stock}:')),
    'literal braces around the hash tag',
  );
});
