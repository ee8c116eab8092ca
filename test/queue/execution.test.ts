/** An execution counts its tasks in the scripts that move them, and ends once, with the last of them (R36, R37). */
import t from 'tap';
import { auditedEnds, claimAll, feedOf, finishRun, seeExecution, submitGraph } from './execution-support.ts';
import { COMPLETED, FAILED, newTask, retryIn, setup } from './support.ts';

t.test('from its submission to its end', async (t) => {
  const bundle = await setup(t);
  const { queue } = bundle;
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: '' });
  t.match(await seeExecution(queue, execution_id), {
    status: 'pending',
    kind: 'tasks',
    label: 'a graph',
    total: 2,
    counts: { pending: 2, running: 0, completed: 0, failed: 0, cancelled: 0 },
    started_at: null,
    completed_at: null,
    attempt: 0,
    tasks: [
      { task_id: ids.a, key: 'a', execution_id, status: 'pending', depends_on: [] },
      { task_id: ids.b, key: 'b' },
    ],
  });
  const runs = await claimAll(queue);
  t.match(await seeExecution(queue, execution_id), {
    status: 'running',
    started_at: Number,
    counts: { pending: 0, running: 2 },
  });
  await finishRun(queue, runs.a, COMPLETED);
  t.match(await seeExecution(queue, execution_id), {
    status: 'running',
    counts: { running: 1, completed: 1 },
    completed_at: null,
  });
  t.strictSame(await auditedEnds(bundle, execution_id), []);
  await finishRun(queue, runs.b, COMPLETED);
  const done = await seeExecution(queue, execution_id);
  t.match(done, { status: 'completed', counts: { running: 0, completed: 2 }, attempt: 1 });
  t.equal(done.completed_at, done.by.b?.completed_at);
  t.strictSame(await auditedEnds(bundle, execution_id), ['completed 1']);
  const feed = await feedOf(bundle, execution_id);
  t.strictSame(
    feed.map(({ event, status }) => [event, status]),
    [
      ['execution_submitted', 'pending'],
      ['execution_started', 'running'],
      ['execution_completed', 'completed'],
    ],
  );
  t.match(feed.at(-1), { completed: '2', running: '0', failed: '0' });
});

t.test('a failed attempt with attempts left is neither failed nor finished (R37)', async (t) => {
  const bundle = await setup(t);
  const { queue } = bundle;
  const { execution_id } = await submitGraph(queue, { a: '' }, { max_attempts: 2 });
  await finishRun(queue, (await claimAll(queue)).a, retryIn(0));
  t.match(await seeExecution(queue, execution_id), {
    status: 'running',
    counts: { pending: 1, running: 0, failed: 0 },
  });
  await finishRun(queue, (await claimAll(queue)).a, retryIn(0));
  t.match(await seeExecution(queue, execution_id), {
    status: 'failed',
    counts: { pending: 0, running: 0, failed: 1 },
  });
  t.strictSame(await auditedEnds(bundle, execution_id), ['failed 1']);
});

t.test('hand-backs and losses are not counted twice; a refused finish is not counted', async (t) => {
  const { queue, redis } = await setup(t);
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: '' });
  const first = await claimAll(queue);
  await finishRun(queue, first.a, { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' });
  await finishRun(queue, first.b, { kind: 'closed', delay_ms: 1e9, reason: 'quota' });
  t.match(await seeExecution(queue, execution_id), { status: 'running', counts: { pending: 2, running: 0 } });
  const again = await claimAll(queue);
  await redis.zadd('{stock}:running', 0, ids.a as string);
  await queue.reap();
  t.match(await finishRun(queue, again.a, COMPLETED), { result: 'not_running' });
  t.match(await seeExecution(queue, execution_id), { counts: { pending: 2, running: 0, completed: 0 } });
  for (let n = 0; n < 4; n++) {
    await claimAll(queue);
    await redis.zadd('{stock}:running', 0, ids.a as string);
    await queue.reap();
  }
  t.match(await seeExecution(queue, execution_id), { counts: { pending: 1, failed: 1 }, status: 'running' });
});

t.test('a failed task outweighs a cancelled one, a cancelled one the completed ones', async (t) => {
  const bundle = await setup(t);
  const { queue } = bundle;
  const failed = await submitGraph(queue, { a: '', b: '', c: '' });
  await queue.cancel(failed.ids.b as string);
  let runs = await claimAll(queue);
  await finishRun(queue, runs.a, FAILED);
  await finishRun(queue, runs.c, COMPLETED);
  t.match(await seeExecution(queue, failed.execution_id), {
    status: 'failed',
    counts: { completed: 1, failed: 1, cancelled: 1 },
  });
  const cancelled = await submitGraph(queue, { a: '', b: '' });
  await queue.cancel(cancelled.ids.b as string);
  runs = await claimAll(queue);
  await finishRun(queue, runs.a, COMPLETED);
  t.match(await seeExecution(queue, cancelled.execution_id), { status: 'cancelled' });
  const never = await submitGraph(queue, { a: '' });
  await queue.cancel(never.ids.a as string);
  t.match(await seeExecution(queue, never.execution_id), { status: 'cancelled', started_at: null });
  t.strictSame(await auditedEnds(bundle, never.execution_id), ['cancelled 1']);
});

t.test('listing by status, newest first, page by page', async (t) => {
  const { queue, redis } = await setup(t);
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) ids.unshift((await submitGraph(queue, { a: '' })).execution_id);
  const listed = async (query: Parameters<typeof queue.executions.list>[0]) => {
    const page = await queue.executions.list(query);
    return [page.total, ...page.executions.map(({ execution_id }) => ids.indexOf(execution_id))];
  };
  t.strictSame(await listed({}), [5, 0, 1, 2, 3, 4]);
  t.strictSame(await listed({ offset: 1, limit: 2 }), [5, 1, 2]);
  const runs = Object.values(await claimAll(queue)); // all have the same key: the last one
  t.equal(runs.length, 1);
  t.strictSame(await listed({ status: 'pending' }), [0]);
  await finishRun(queue, runs[0], COMPLETED);
  t.strictSame(await listed({ status: 'completed' }), [1, 0]);
  t.strictSame(await listed({ status: 'running' }), [4, 1, 2, 3, 4]);
  t.strictSame(await listed({ offset: 4 }), [5, 4]);

  const backfill = { kind: 'backfill', label: '', execution_id: 'x-1' } as const;
  await queue.executions.submit({ ...backfill, tasks: [{ task: newTask(), needs: [] }] });
  ids.unshift('x-1');
  for (const [i, id] of ids.entries())
    await redis.hset(`{stock}:execution:${id}`, 'created_at', 5_000 - 1_000 * i);
  t.strictSame(await listed({ kind: 'backfill' }), [6, 0]);
  t.strictSame(await listed({ kind: 'tasks', from: 1_000, to: 4_000 }), [6, 2, 3, 4]);
  t.strictSame(await listed({ id: 'x-' }), [6, 0]);
  const { looked_at, next } = await queue.executions.list({ from: 4_000 });
  t.strictSame([looked_at, next], [3, null], 'nothing earlier is looked at');
  const walked: string[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const page = await queue.executions.list({ limit: 4, ...(before !== undefined && { before }) });
    walked.push(...page.executions.map(({ execution_id }) => execution_id));
    before = page.next;
  }
  t.strictSame(walked, ids);
});

t.test('an id that is taken changes nothing; an execution of 1,000 tasks is taken whole', async (t) => {
  const { queue } = await setup(t);
  const graph = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`k${i}`, i ? `k${i - 1}` : '']));
  const { execution_id } = await submitGraph(queue, graph);
  t.match(await queue.depth(), { blocked: 999, parked: 0, pending: 1000, queued: { normal: 1 } });
  const again = await queue.executions.submit({ execution_id, kind: 'tasks', label: '', tasks: [] });
  t.equal(again.created, false);
  const page = await queue.executions.get(execution_id, { offset: 998, limit: 50 });
  t.strictSame(
    page?.tasks.map(({ key }) => key),
    ['k998', 'k999'],
  );
  await finishRun(queue, (await claimAll(queue)).k0, FAILED);
  t.match(await seeExecution(queue, execution_id), {
    status: 'failed',
    counts: { failed: 1000, pending: 0 },
  });
  t.match(await queue.depth(), { blocked: 0, pending: 0 });
  t.equal(await queue.executions.get('nobody'), null);
});
