/** A dependant starts when its prerequisites have completed, and never after one that has not (D29). */
import t from 'tap';
import { inOrder } from '../../src/queue/dependencies.ts';
import {
  auditedEnds,
  claimAll,
  finishRun,
  seeExecution,
  statuses,
  submitGraph,
} from './execution-support.ts';
import { COMPLETED, claim, FAILED, retryIn, setup, submitOne } from './support.ts';

t.test('a diamond: in parallel where it can, in order where it must', async (t) => {
  const { queue } = await setup(t);
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: 'a', c: 'a', d: 'b c', e: '' });
  t.match(await queue.position(ids.d as string), { place: 'blocked', ahead: null });
  t.match(await queue.depth(), { blocked: 3, parked: 0, delayed: 0, queued: { normal: 2 } });
  t.strictSame((await seeExecution(queue, execution_id)).by.d?.depends_on, [ids.b, ids.c]);
  let runs = await claimAll(queue);
  t.strictSame(Object.keys(runs), ['a', 'e']);
  await finishRun(queue, runs.a, retryIn(0));
  runs = await claimAll(queue);
  t.strictSame(Object.keys(runs), ['a'], 'a retry releases nobody');
  await finishRun(queue, runs.a, COMPLETED);
  runs = await claimAll(queue);
  t.strictSame(Object.keys(runs), ['b', 'c'], 'both at once');
  await finishRun(queue, runs.c, COMPLETED);
  t.strictSame(await claimAll(queue), {}, 'd needs both');
  await finishRun(queue, runs.b, COMPLETED);
  runs = await claimAll(queue);
  t.strictSame(Object.keys(runs), ['d']);
  await finishRun(queue, runs.d, COMPLETED);
  t.match(await seeExecution(queue, execution_id), {
    status: 'running',
    counts: { completed: 4, running: 1 },
  });
});

t.test('a released task has its old place: before what was submitted after it', async (t) => {
  const { queue } = await setup(t);
  await submitGraph(queue, { a: '', b: 'a' });
  const later = await submitOne(queue);
  const [a] = await claim(queue, 's1', 1);
  await finishRun(queue, a, COMPLETED);
  t.strictSame(
    (await claim(queue, 's1', 2)).map((run) => run.task_id === later),
    [false, true],
  );
});

t.test('the finish that releases a dependant can claim it, and wakes who sleeps', async (t) => {
  const { queue, redis } = await setup(t);
  const { ids } = await submitGraph(queue, { a: '', b: 'a', c: 'a' });
  const runs = await claimAll(queue);
  await redis.del(queue.keys.doorbell);
  const run = { task_id: ids.a as string, supervisor_id: 's1', fence: runs.a?.fence as number };
  const next = { supervisor_id: 's1', free: 1, lease_ms: 4000 };
  const { claimed } = await queue.finish([{ ...run, outcome: COMPLETED }], next);
  t.match(claimed, [{ task_id: ids.b }]);
  t.equal(await redis.llen(queue.keys.doorbell), 1, 'one ring, for c');
});

t.test('failed for good: its dependants fail, and theirs; what does not depend runs on', async (t) => {
  const bundle = await setup(t);
  const { queue } = bundle;
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: 'a', c: 'b', d: 'c e', e: '', f: 'e' });
  const runs = await claimAll(queue);
  await finishRun(queue, runs.a, FAILED);
  const seen = await seeExecution(queue, execution_id);
  t.match(seen, { status: 'running', counts: { failed: 4, running: 1, pending: 1 } });
  for (const key of ['b', 'c', 'd']) {
    t.match(seen.by[key], {
      status: 'failed',
      attempt: 0,
      last_error_type: 'dependency_failed',
      started_at: null,
    });
  }
  t.match(seen.by.b?.error_message, new RegExp(`prerequisite .* \\(task ${ids.a}\\) failed`));
  t.match(seen.by.c?.error_message, new RegExp(`\\(task ${ids.b}\\) failed`));
  await finishRun(queue, runs.e, COMPLETED);
  await finishRun(queue, (await claimAll(queue)).f, COMPLETED);
  t.match(await seeExecution(queue, execution_id), { status: 'failed', counts: { failed: 4, completed: 2 } });
  t.strictSame(await auditedEnds(bundle, execution_id), ['failed 1']);
  t.match(await queue.depth(), { blocked: 0, pending: 0 });
});

t.test('cancelled: its dependants are cancelled; a blocked task can be cancelled itself', async (t) => {
  const { queue } = await setup(t);
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: 'a', c: 'b', d: 'a' });
  await queue.cancel(ids.b as string);
  const seen = await seeExecution(queue, execution_id);
  t.match(seen.by.b, { status: 'cancelled', last_error_type: null });
  t.match(seen.by.c, { status: 'cancelled', last_error_type: 'dependency_cancelled', completed_at: Number });
  t.match(await queue.depth(), { blocked: 1 });
  await finishRun(queue, (await claimAll(queue)).a, COMPLETED);
  const runs = await claimAll(queue);
  t.strictSame(Object.keys(runs), ['d'], 'the cancelled ones never run');
  await queue.stop(ids.d as string);
  await finishRun(queue, runs.d, { kind: 'cancelled' });
  t.strictSame(await statuses(queue, execution_id), {
    a: 'completed',
    b: 'cancelled',
    c: 'cancelled',
    d: 'cancelled',
  });
  t.match(await seeExecution(queue, execution_id), { status: 'cancelled' });
});

t.test('a lost prerequisite that is given up fails its dependants', async (t) => {
  const { queue, redis } = await setup(t);
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: 'a' });
  for (let n = 0; n < 5; n++) {
    await claimAll(queue);
    await redis.zadd('{stock}:running', 0, ids.a as string);
    await queue.reap();
  }
  t.match(await seeExecution(queue, execution_id), {
    status: 'failed',
    by: { a: { last_error_type: 'supervisor_lost' }, b: { last_error_type: 'dependency_failed' } },
  });
});

t.test('the order of submission puts prerequisites first and keeps the given order otherwise', async (t) => {
  const order = (...entries: [string, string?][]) =>
    inOrder(entries.map(([key, needs]) => ({ key, depends_on: needs?.split(' ') }))).map(
      ({ entry, needs }) => `${entry.key}:${needs}`,
    );
  t.strictSame(order(['a'], ['b'], ['c']), ['a:', 'b:', 'c:']);
  t.strictSame(order(['d', 'b c'], ['c', 'a'], ['b', 'a'], ['a']), ['a:', 'b:0', 'c:0', 'd:1,2']);
  t.strictSame(order(['a'], ['b', 'a a a']), ['a:', 'b:0']);
  t.strictSame(inOrder([{}, {}]).length, 2, 'keys may be left out');
  const chain: [string, string?][] = Array.from({ length: 1000 }, (_, i) => [
    `k${i}`,
    i < 999 ? `k${i + 1}` : '',
  ]);
  chain[999] = ['k999'];
  t.equal(order(...chain)[0], 'k999:');
  const refused = (message: RegExp, ...entries: [string, string?][]) =>
    t.throws(() => order(...entries), { code: 'INVALID_PARAMS', message });
  refused(/a needs a/, ['a', 'a']);
  refused(
    /circle: (a needs b needs c needs a|b needs c needs a needs b)/,
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
  );
  refused(/a depends on x/, ['a', 'x']);
  refused(/key a is used twice/, ['a'], ['a']);
});
