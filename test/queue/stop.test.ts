/** A stop of a running task is a wish that survives whoever it was told to, and crosses no natural end (D25). */
import t from 'tap';
import type { Outcome } from '../../src/queue/task.ts';
import {
  COMPLETED,
  claim,
  claimOne,
  ended,
  FAILED,
  type QueueBundle,
  retryIn,
  setup,
  submitOne,
} from './support.ts';

/** A running task that is to be stopped. */
async function stopped(queue: QueueBundle['queue'], max_attempts = 4) {
  await submitOne(queue, { max_attempts });
  const run = await claimOne(queue);
  await queue.stop(run.task_id);
  return run;
}

t.test('the owner is told at its next tick, and keeps the lease until its thread has left', async (t) => {
  const { queue, redis } = await setup(t);
  await submitOne(queue);
  const run = await claimOne(queue);
  t.strictSame((await queue.tick('s1', [run], 4000)).stops, []);
  const task = await queue.stop(run.task_id);
  t.equal(task.status, 'running');
  t.equal(task.stop_requested_at, task.updated_at);
  t.match(await queue.stop(run.task_id), { stop_requested_at: task.stop_requested_at }, 'once is enough');
  const { stops, lost } = await queue.tick('s1', [run], 4000);
  t.strictSame([stops, lost], [[run.task_id], []]);
  t.ok(Number(await redis.zscore('{stock}:running', run.task_id)) > 0);
  t.strictSame((await queue.tick('s2', [run], 4000)).stops, [], 'nobody else is told');

  const next = await submitOne(queue, { dataset: run.dataset });
  t.strictSame(await claim(queue, 's2'), [], 'its type is held');
  const { results, claimed } = await queue.finish([ended(run, 's1', { kind: 'cancelled' })], {
    supervisor_id: 's1',
    free: 1,
    lease_ms: 4000,
  });
  t.match(results, [{ result: 'done', status: 'cancelled' }]);
  t.match(claimed, [{ task_id: next }], 'the type is free');
  t.match(await queue.get(run.task_id), { status: 'cancelled', attempt: 1, completed_at: Number });
  const repeated = await queue.finish([ended(run, 's1', { kind: 'cancelled' })]);
  t.match(repeated.results, [{ result: 'done', status: 'cancelled' }], 'its answer may be lost');
});

t.test('a natural end that comes first stands; what would go back to wait does not', async (t) => {
  const { queue } = await setup(t);
  const ends: [Outcome, string, number?][] = [
    [COMPLETED, 'completed'],
    [FAILED, 'failed'],
    [retryIn(0), 'failed', 1],
    [retryIn(0), 'cancelled'],
    [{ kind: 'handed_back', delay_ms: 0, reason: 'shutdown' }, 'cancelled'],
    [{ kind: 'closed', delay_ms: 60_000, reason: 'quota' }, 'cancelled'],
  ];
  for (const [outcome, status, max_attempts] of ends) {
    const run = await stopped(queue, max_attempts);
    await queue.finish([ended(run, 's1', outcome)]);
    t.match(await queue.get(run.task_id), { status, attempt: 1 }, `${outcome.kind} of a stopped task`);
  }
  t.strictSame(await claim(queue, 's2', 9), [], 'none of them waits');
  t.match(await queue.depth(), { delayed: 0, pending: 0, running: 0 });
});

t.test('a supervisor that is lost with the wish does not bring the task back', async (t) => {
  const { queue, redis } = await setup(t);
  const run = await stopped(queue);
  await redis.zadd('{stock}:running', 0, run.task_id);
  const { taken } = await queue.reap();
  t.match(taken, [{ task_id: run.task_id, status: 'cancelled' }]);
  t.match(await queue.get(run.task_id), { status: 'cancelled', losses: 1, attempt: 1 });
  const late = await queue.finish([ended(run, 's1', COMPLETED)]);
  t.match(late.results, [{ result: 'not_running', status: 'cancelled' }]);
});

t.test('what waits, has ended or never was is not stopped, and stays as it is', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  const refused = async (message: RegExp) => {
    const before = await redis.hgetall(queue.keys.task(id));
    await t.rejects(queue.stop(id), { code: 'TASK_NOT_RUNNING', message });
    t.strictSame(await redis.hgetall(queue.keys.task(id)), before);
  };
  await refused(/waits; use cancel/);
  await queue.finish([ended(await claimOne(queue), 's1', COMPLETED)]);
  await refused(/ended already \(completed\)/);
  await t.rejects(queue.stop('nobody'), { code: 'TASK_NOT_FOUND' });
});
