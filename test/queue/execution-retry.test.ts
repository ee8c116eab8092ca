/** The failed part of an execution runs again; what completed stays, and the counts stay right. */
import t from 'tap';
import {
  auditedEnds,
  claimAll,
  feedOf,
  finishRun,
  seeExecution,
  statuses,
  submitGraph,
} from './execution-support.ts';
import { COMPLETED, FAILED, setup } from './support.ts';

t.test('the failed and cancelled part runs again, with what it had kept from running', async (t) => {
  const bundle = await setup(t);
  const { queue, redis } = bundle;
  const graph = { a: '', b: 'a', c: 'b', d: 'a', e: '', f: 'e c' };
  const { execution_id, ids } = await submitGraph(queue, graph, { params: { x: 1 } });
  let runs = await claimAll(queue);
  await finishRun(queue, runs.a, COMPLETED);
  await queue.cancel(ids.d as string);
  await finishRun(queue, runs.e, COMPLETED);
  runs = await claimAll(queue);
  await finishRun(queue, runs.b, FAILED);
  t.match(await seeExecution(queue, execution_id), { status: 'failed', attempt: 1 });
  for (const key of ['execution', 'members', 'dependencies']) {
    await redis.pexpire(`{stock}:${key}:${execution_id}`, 60_000); // as the auditor does
  }
  await redis.zadd('{stock}:expiring', 1, `execution:${execution_id}`);

  const { execution, task_ids } = await queue.executions.retry(execution_id);
  t.match(execution, { status: 'running', completed_at: null, total: 6 });
  t.match(execution.counts, { pending: 4, completed: 2, failed: 0, cancelled: 0 });
  t.equal(task_ids.length, 4);
  for (const key of ['execution', 'members', 'dependencies']) {
    t.equal(await redis.ttl(`{stock}:${key}:${execution_id}`), -1, `${key} is kept`);
  }
  t.equal(await redis.zcard('{stock}:expiring'), 0);
  const seen = await seeExecution(queue, execution_id);
  for (const key of ['b', 'c', 'd', 'f']) {
    t.match(seen.by[key], { status: 'pending', retry_of: ids[key], key, params: { x: 1 }, execution_id });
    t.equal((await queue.get(ids[key] as string))?.retried_as, seen.by[key]?.task_id);
  }
  t.strictSame(seen.by.f?.depends_on, [ids.e, seen.by.c?.task_id]);
  await t.rejects(queue.executions.retry(execution_id), { code: 'NOTHING_TO_RETRY' });

  for (const expected of [['b', 'd'], ['c'], ['f']]) {
    runs = await claimAll(queue);
    t.strictSame(Object.keys(runs), expected);
    for (const run of Object.values(runs)) await finishRun(queue, run, COMPLETED);
  }
  t.match(await seeExecution(queue, execution_id), {
    status: 'completed',
    attempt: 2,
    counts: { completed: 6 },
  });
  t.strictSame(await auditedEnds(bundle, execution_id), ['failed 1', 'completed 2']);
  const events = (await feedOf(bundle, execution_id)).map(({ event }) => event?.slice('execution_'.length));
  t.strictSame(events, ['submitted', 'started', 'failed', 'retried', 'completed']);
  await t.rejects(queue.executions.retry(execution_id), { code: 'NOTHING_TO_RETRY' });
  await t.rejects(queue.executions.retry('nobody'), { code: 'EXECUTION_NOT_FOUND' });
});

t.test('a retry of one task: the execution follows it, and those that waited for it come back', async (t) => {
  const { queue } = await setup(t);
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: 'a', c: 'b', d: '', e: 'd a' });
  let runs = await claimAll(queue);
  await finishRun(queue, runs.a, FAILED);
  await finishRun(queue, runs.d, FAILED);
  await t.rejects(queue.retry(ids.b as string), {
    code: 'TASK_NOT_RETRYABLE',
    message: new RegExp(`depends on task ${ids.a}`),
  });
  const again = await queue.retry(ids.a as string, { params: { edited: true } });
  const seen = await seeExecution(queue, execution_id);
  t.match(seen, { status: 'running', counts: { pending: 3, failed: 2 } });
  t.match(seen.by, {
    a: { task_id: again.task_id, params: { edited: true } },
    b: { retry_of: ids.b, status: 'pending' },
    c: { retry_of: ids.c, status: 'pending' },
    e: { task_id: ids.e, status: 'failed' },
  });
  t.notMatch(seen.by.b?.params, { edited: true }, 'an edit is for the one task');
  for (const key of ['a', 'b', 'c']) {
    runs = await claimAll(queue);
    t.strictSame(Object.keys(runs), [key]);
    await finishRun(queue, runs[key], COMPLETED);
  }
  t.match(await seeExecution(queue, execution_id), {
    status: 'failed',
    attempt: 2,
    counts: { completed: 3 },
  });
  await queue.retry(ids.d as string);
  await finishRun(queue, (await claimAll(queue)).d, COMPLETED);
  await finishRun(queue, (await claimAll(queue)).e, COMPLETED);
  t.match(await seeExecution(queue, execution_id), {
    status: 'completed',
    attempt: 3,
    counts: { completed: 5 },
  });
});

t.test('a retry while the rest still runs', async (t) => {
  const { queue } = await setup(t);
  const { execution_id } = await submitGraph(queue, { a: '', b: '', c: 'a b' });
  const runs = await claimAll(queue);
  await finishRun(queue, runs.a, FAILED);
  t.strictSame(await statuses(queue, execution_id), { a: 'failed', b: 'running', c: 'failed' });
  await queue.executions.retry(execution_id);
  t.strictSame(await statuses(queue, execution_id), { a: 'pending', b: 'running', c: 'pending' });
  await finishRun(queue, (await claimAll(queue)).a, COMPLETED);
  t.strictSame(await claimAll(queue), {}, 'c waits for b');
  await finishRun(queue, runs.b, COMPLETED);
  await finishRun(queue, (await claimAll(queue)).c, COMPLETED);
  t.match(await seeExecution(queue, execution_id), {
    status: 'completed',
    attempt: 1,
    counts: { completed: 3 },
  });
});

t.test('of twenty retries of an execution one is done', async (t) => {
  const { queue, another } = await setup(t);
  const queues = await Promise.all([another(), another(), another()]);
  const graph = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, i ? 'k0' : '']));
  const { execution_id } = await submitGraph(queue, graph);
  await finishRun(queue, (await claimAll(queue)).k0, FAILED);
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => (queues[i % 3] as typeof queue).executions.retry(execution_id)),
  );
  t.equal(tries.filter((one) => one.status === 'fulfilled').length, 1);
  t.match(await seeExecution(queue, execution_id), { counts: { pending: 30, failed: 0 } });
  t.match(await queue.depth(), { pending: 30, blocked: 29, queued: { normal: 1 } });
});

t.test('stop: what waits is cancelled, what runs is told; it ends with the last thread', async (t) => {
  const bundle = await setup(t);
  const { queue } = bundle;
  const { execution_id } = await submitGraph(queue, { a: '', b: '', c: 'a b', d: 'c' });
  const [run] = Object.values(await claimAll(queue));
  const runs = { a: run };
  const stopped = await queue.executions.stop(execution_id);
  t.match(stopped, { cancelled: 2, stopping: 2, execution: { status: 'running' } });
  t.match(await seeExecution(queue, execution_id), {
    counts: { cancelled: 2, running: 2 },
    by: { c: { last_error_type: null }, d: { last_error_type: null } },
  });
  for (const task of (await queue.list({ status: 'running' })).tasks) {
    t.ok(task.stop_requested_at);
    const one = { task_id: task.task_id, supervisor_id: 's1', fence: task.fence as number };
    await queue.finish([{ ...one, outcome: task.key === 'a' ? COMPLETED : { kind: 'cancelled' } }]);
  }
  t.ok(runs.a);
  t.match(await seeExecution(queue, execution_id), {
    status: 'cancelled',
    counts: { completed: 1, cancelled: 3 },
  });
  t.strictSame(await auditedEnds(bundle, execution_id), ['cancelled 1']);
  await t.rejects(queue.executions.stop(execution_id), { code: 'EXECUTION_ENDED' });
  await t.rejects(queue.executions.stop('nobody'), { code: 'EXECUTION_NOT_FOUND' });
  await queue.executions.retry(execution_id);
  t.strictSame(Object.keys(await claimAll(queue)), ['b'], 'and it can be taken up again');
});
