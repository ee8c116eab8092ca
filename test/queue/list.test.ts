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

t.test('positions and pages are right in a long queue with gaps and returned tasks', async (t) => {
  const { queue, redis } = await setup(t);
  const count = 3_000;
  const waiting = Array.from({ length: count }, (_, i) => `t${i}`);
  await queue.submit(waiting.map((task_id, i) => newTask({ task_id, priority: i % 2 ? 1 : 2 })));
  const rank = (id: string) => Number(id.slice(1)) + (Number(id.slice(1)) % 2 ? 0 : count);
  // The first ten come back to their places, some of the middle and of both ends are cancelled.
  const runs = await claim(queue, 's1', 10);
  await queue.finish(
    runs.map((run) => ended(run, 's1', { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' })),
  );
  const gone = ['t0', 't2', 't3', 't1500', 't1501', 't1502', 't2000', 't2997', 't2999'];
  for (const id of gone) await queue.cancel(id);
  const left = waiting.filter((id) => !gone.includes(id));
  const line = left.toSorted((a, b) => rank(a) - rank(b));
  for (const i of [0, 1, 5, 700, 1_400, 1_490, 1_500, 1_700, 2_400, line.length - 1]) {
    t.strictSame(await queue.position(line[i] as string), { place: 'queue', ahead: i }, `position ${i}`);
  }
  const newest = left.toReversed();
  for (const offset of [0, 980, 1_480, newest.length - 20]) {
    const { tasks, total } = await queue.list({ status: 'pending', offset, limit: 50 });
    t.strictSame(
      tasks.map(({ task_id }) => task_id),
      newest.slice(offset, offset + 50),
      `page at ${offset}`,
    );
    t.equal(total, newest.length);
  }
  const claimed: string[] = [];
  for (let got = await claim(queue, 's2', 500); got.length > 0; got = await claim(queue, 's2', 500)) {
    claimed.push(...got.map(({ task_id }) => task_id));
  }
  t.strictSame(claimed, line, 'claimed in the order of their positions');
  t.strictSame(
    (await allKeys(redis)).filter((key) => key.includes('task_queue')),
    [],
    'nothing is left of the queues',
  );
});
