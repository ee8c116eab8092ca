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
  t.strictSame(await ids({ job_type: 'five.incremental', limit: 3 }), [25, 't20', 't15', 't10']);
  t.strictSame(await ids({ job_type: 'five.incremental', status: 'completed' }), [1, 't0']);
  t.strictSame(await ids({ job_type: 'nothing' }), [25]);
});

t.test('a list goes on from where it ended, whatever stands in between, and ends once', async (t) => {
  const { queue, redis } = await setup(t);
  const rare = (i: number) => i % 900 === 7;
  await queue.submit(
    Array.from({ length: 3_000 }, (_, i) =>
      newTask({ task_id: `t${i}`, dataset: rare(i) ? 'rare' : 'd', priority: (i % 3) as 0 | 1 | 2 }),
    ),
  );
  // some run, some are cancelled in the middle of their queues, one has come back to its place
  const [back, ...running] = await claim(queue, 's1', 2);
  if (!back) return t.fail('a claim expected');
  await queue.finish([ended(back, 's1', { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' })]);
  for (const id of ['t907', 't1500', 't1501', 't1502']) await queue.cancel(id);
  await redis.del('{stock}:task:t1502'); // expired, and not pruned yet
  const walk = async (query: Parameters<typeof queue.list>[0]) => {
    const ids: string[] = [];
    const looked_at: number[] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const page = await queue.list({ ...query, ...(before !== undefined && { before }) });
      ids.push(...page.tasks.map(({ task_id }) => task_id));
      looked_at.push(page.looked_at);
      before = page.next;
    }
    return { ids, looked_at };
  };
  const newest = Array.from({ length: 3_000 }, (_, i) => `t${2_999 - i}`);
  const all = await walk({ limit: 170 });
  t.strictSame(
    all.ids,
    newest.filter((id) => id !== 't1502'),
  );
  const pending = newest.filter(
    (id) => !['t907', 't1500', 't1501', 't1502', running[0]?.task_id].includes(id),
  );
  t.strictSame((await walk({ status: 'pending', limit: 170 })).ids, pending);
  t.strictSame((await walk({ status: 'cancelled' })).ids, ['t1501', 't1500', 't907']);
  const found = await walk({ job_type: 'rare.incremental' });
  t.strictSame(found.ids, ['t2707', 't1807', 't907', 't7']);
  t.ok(found.looked_at.length >= 3 && Math.max(...found.looked_at) === 1_000, 'never more in one call');
  t.strictSame((await walk({ job_type: 'rare.incremental', limit: 1 })).ids, found.ids);
  t.strictSame((await walk({ job_type: 'nothing', status: 'running' })).looked_at, [running.length]);
  const first = await queue.list({ status: 'pending', limit: 5 });
  await queue.submit([newTask({ task_id: 'later' })]);
  const then = await queue.list({ status: 'pending', limit: 5, before: first.next ?? 0 });
  t.strictSame(
    then.tasks.map(({ task_id }) => task_id),
    pending.slice(5, 10),
    'what is submitted meanwhile moves nothing',
  );
  const seen: string[] = [];
  for await (const task of queue.each({ status: 'pending', job_type: 'rare.incremental' }, 1_500))
    seen.push(task.task_id);
  t.strictSame(seen, ['t2707', 't1807'], 'no further than was asked');
});

t.test('a search by dataset, execution, beginning of the id and moment of submission', async (t) => {
  const { queue, redis } = await setup(t);
  const own = { dataset: 'own', job_type: 'a.b.full' };
  await queue.submit([
    newTask({ task_id: 'a1', dataset: 'daily' }),
    newTask({ task_id: 'a2', dataset: 'daily', mode: 'full', job_type: 'daily.full' }),
    newTask({ task_id: 'b1', ...own }),
  ]);
  const members = ['c1', 'c2'].map((task_id) => ({
    task: newTask({ task_id, dataset: 'daily' }),
    needs: [],
  }));
  const { execution_id } = await queue.executions.submit({ kind: 'tasks', label: 'c', tasks: members });
  await queue.cancel('a1'); // the first of its queue: it leaves the list
  const ids = ['a1', 'a2', 'b1', 'c1', 'c2'];
  for (const [i, id] of ids.entries()) await redis.hset(`{stock}:task:${id}`, 'created_at', 1_000 * i);
  const found = async (query: Parameters<typeof queue.list>[0]) => {
    const { tasks, next, looked_at } = await queue.list(query);
    return [tasks.map(({ task_id }) => task_id).join(' '), next, looked_at];
  };
  t.strictSame(await found({ dataset: 'daily' }), ['c2 c1 a2 a1', null, 5]);
  t.strictSame(await found({ dataset: 'daily', status: 'pending' }), ['c2 c1 a2', null, 4]);
  t.strictSame(await found({ dataset: 'daily', job_type: 'daily.full' }), ['a2', null, 5]);
  t.strictSame(await found({ dataset: 'own' }), ['b1', null, 5], 'named by the task itself');
  t.strictSame(await found({ dataset: 'a.b' }), ['', null, 5], 'not by its job type then');
  t.strictSame(await found({ execution_id }), ['c2 c1', null, 5]);
  t.strictSame(await found({ id: 'a' }), ['a2 a1', null, 5]);
  t.strictSame(await found({ id: '%a' }), ['', null, 5], 'no pattern');
  t.strictSame(await found({ from: 1_000, to: 3_000 }), ['b1 a2', null, 5]);
  t.strictSame(await found({ from: 3_000 }), ['c2 c1', null, 3], 'nothing earlier is looked at');
  t.strictSame(await found({ to: 1, dataset: 'daily', limit: 1 }), ['a1', null, 5]);
  t.match(await found({ dataset: 'daily', limit: 2 }), ['c2 c1', Number, 2]);
  await redis.del('{stock}:task:a1'); // expired, and not pruned yet
  t.strictSame(await found({ dataset: 'daily', from: 0 }), ['c2 c1 a2', null, 5]);
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
    refused: 0,
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
