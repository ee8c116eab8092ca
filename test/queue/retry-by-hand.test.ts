/** A manual retry is a new task with everything the old one had; of two callers one is refused (D12, R54). */
import t from 'tap';
import { allKeys, COMPLETED, claim, claimOne, ended, FAILED, retryIn, setup, submitOne } from './support.ts';

t.test('every parameter is copied, to a new id that names the old one', async (t) => {
  const { queue } = await setup(t);
  for (const params of [
    {},
    { start_date: '20190101' },
    { dates: Array.from({ length: 40 }, (_, i) => `${i}`) },
  ]) {
    const over = {
      dataset: 'daily',
      mode: 'history',
      job_type: 'other.type',
      priority: 2,
      max_attempts: 7,
    } as const;
    const id = await submitOne(queue, { ...over, timeout_seconds: 77, params });
    await queue.finish([ended(await claimOne(queue), 's1', FAILED)]);
    const task = await queue.retry(id);
    t.not(task.task_id, id);
    t.match(task, {
      ...over,
      timeout_seconds: 77,
      status: 'pending',
      attempt: 0,
      retry_of: id,
      retried_as: null,
    });
    t.strictSame(task.params, params);
    t.match(task, {
      last_error_type: null,
      error_message: null,
      started_at: null,
      completed_at: null,
      fence: null,
    });
    t.match(
      await queue.get(id),
      { status: 'failed', retried_as: task.task_id, attempt: 1 },
      'the old one stays',
    );
    const run = await claimOne(queue);
    t.match(run, { task_id: task.task_id, params });
    await queue.finish([ended(run, 's1', COMPLETED)]);
  }
});

t.test('what is edited differs, the rest does not; it goes to the end of its queue', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue, { params: { a: 1 } });
  await queue.cancel(id);
  const before = await submitOne(queue, { priority: 0 });
  const changes = { params: { b: 2 }, priority: 0, max_attempts: 1, timeout_seconds: 5 } as const;
  const task = await queue.retry(id, changes);
  t.match(task, changes);
  t.strictSame(task.params, { b: 2 });
  const order = (await claim(queue, 's1', 2)).map((run) => run.task_id);
  t.strictSame(order, [before, task.task_id]);
});

t.test('of twenty callers one gets the new task', async (t) => {
  const { queue, another } = await setup(t);
  const queues = await Promise.all([another(), another(), another()]);
  const id = await submitOne(queue);
  await queue.cancel(id);
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, (_, i) => (queues[i % 3] as typeof queue).retry(id)),
  );
  const done = tries.filter((one) => one.status === 'fulfilled').map((one) => one.value.task_id);
  t.equal(done.length, 1);
  for (const one of tries)
    if (one.status === 'rejected') {
      t.match(one.reason, { code: 'TASK_NOT_RETRYABLE', message: new RegExp(`already, as task ${done[0]}`) });
    }
  t.match(await queue.depth(), { pending: 1, queued: { normal: 1 } });
  await queue.cancel(done[0] as string);
  t.match(await queue.retry(done[0] as string), { retry_of: done[0] }, 'the newest one can be retried again');
});

t.test('what waits, runs or completed is not retried, and nothing changes', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  const refused = async (message: RegExp) => {
    const before = [await redis.hgetall(queue.keys.task(id)), (await allKeys(redis)).length];
    await t.rejects(queue.retry(id), { code: 'TASK_NOT_RETRYABLE', message });
    t.strictSame([await redis.hgetall(queue.keys.task(id)), (await allKeys(redis)).length], before);
  };
  await refused(/is pending/);
  let run = await claimOne(queue);
  await refused(/is running/);
  await queue.finish([ended(run, 's1', retryIn(0))]);
  await refused(/is pending/);
  run = await claimOne(queue);
  await queue.finish([ended(run, 's1', COMPLETED)]);
  await refused(/is completed/);
  await t.rejects(queue.retry('nobody'), { code: 'TASK_NOT_FOUND' });
});
