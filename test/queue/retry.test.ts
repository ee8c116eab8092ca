/** How attempts end and go on: retries, hand-backs, closed windows (R28, R44–R49, D31). */
import t from 'tap';
import {
  COMPLETED,
  claim,
  claimOne,
  ended,
  redisNow,
  retryIn,
  setup,
  submitOne,
  untilRedisTime,
} from './support.ts';

t.test('a retry is not started a millisecond early, and by whoever is there then', async (t) => {
  const { queue, redis, another } = await setup(t);
  const other = await another();
  for (const delay of [1, 7, 40, 90.5]) {
    const id = await submitOne(queue);
    const run = await claimOne(queue, 'a');
    await queue.finish([ended(run, 'a', retryIn(delay))]);
    const due = (await queue.get(id))?.next_run_at as number;
    let now = 0;
    let started = await claim(other, 'b');
    for (; started.length === 0; started = await claim(other, 'b'))
      now = (await other.tick('b', [], 4000)).now;
    const task = await queue.get(id);
    t.ok(
      (task?.started_at as number) >= due,
      `started ${(task?.started_at as number) - due} ms after it was due`,
    );
    t.ok(now >= due);
    t.match(task, { owner: 'b', attempt: 1, status: 'running', next_run_at: null });
    await other.finish([ended(started[0] as (typeof started)[0], 'b', COMPLETED)]);
  }
  t.equal(await redis.zcard('{stock}:delayed'), 0);
});

t.test('a retry is a new attempt with the full time; the last one fails the task', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue, { max_attempts: 3 });
  for (const attempt of [0, 1, 2]) {
    const run = await claimOne(queue);
    t.match(run, { attempt, time_left_ms: 60_000 });
    const { results } = await queue.finish([ended(run, 's1', retryIn(0))]);
    t.equal(results[0]?.status, attempt < 2 ? 'pending' : 'failed');
  }
  t.match(await queue.get(id), {
    status: 'failed',
    attempt: 3,
    last_error_type: 'network',
    error_message: 'connection reset',
    next_run_at: null,
  });
});

for (const kind of ['handed_back', 'closed'] as const) {
  t.test(`${kind}: the same attempt goes on with the time it has left`, async (t) => {
    const { queue, redis } = await setup(t);
    const id = await submitOne(queue, { timeout_seconds: 10 });
    const first = await claimOne(queue);
    t.equal(first.time_left_ms, 10_000);
    await untilRedisTime(redis, (await redisNow(redis)) + 30);
    await queue.finish([ended(first, 's1', { kind, delay_ms: 20, reason: 'window closed' })]);
    const waiting = await queue.get(id);
    t.match(waiting, { status: 'pending', attempt: 0, losses: 0, last_error_type: null, deadline_at: null });
    t.equal(waiting?.progress_message, 'window closed', 'it says why it waits');
    t.strictSame(await queue.position(id), { place: 'delayed', ahead: null });
    await untilRedisTime(redis, waiting?.next_run_at as number);
    await queue.tick('s2', [], 4000);
    const second = await claimOne(queue, 's2');
    t.equal(second.attempt, 0);
    t.ok(second.time_left_ms <= 9970 && second.time_left_ms > 9000, `${second.time_left_ms} ms are left`);
    const task = await queue.get(id);
    t.equal(task?.started_at, waiting?.started_at, 'the attempt began when it began');
    t.equal(
      Number(task?.deadline_at),
      Number(task?.updated_at) + second.time_left_ms,
      'waiting is not running',
    );
    await queue.finish([ended(second, 's2', retryIn(0))]);
    t.equal((await claimOne(queue)).time_left_ms, 10_000, 'a new attempt has the full time');
  });
}

t.test(
  'a task that is handed back over its deadline has no time left, and does not lose its place',
  async (t) => {
    const { queue, redis } = await setup(t);
    await submitOne(queue, { timeout_seconds: 1 });
    const run = await claimOne(queue);
    await redis.hset(queue.keys.task(run.task_id), 'deadline_at', (await redisNow(redis)) - 1);
    await queue.finish([ended(run, 's1', { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' })]);
    t.equal((await claimOne(queue)).time_left_ms, 0);
  },
);

t.test('a hand-back does not clear the losses, the end of an attempt does', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  await claimOne(queue, 'dead', 1);
  await untilRedisTime(redis, (await redisNow(redis)) + 3);
  await queue.reap();
  await queue.finish([
    ended(await claimOne(queue), 's1', { kind: 'handed_back', delay_ms: 0, reason: 'lock' }),
  ]);
  t.equal((await queue.get(id))?.losses, 1, 'else a task that kills its supervisors would live for ever');
  await queue.finish([ended(await claimOne(queue), 's1', retryIn(0))]);
  t.equal((await queue.get(id))?.losses, 0);
});

t.test('the fence counter jumps over the one that Postgres has', async (t) => {
  const { queue } = await setup(t);
  const task_id = await submitOne(queue, { dataset: 'daily' });
  const run = await claimOne(queue);
  const holder = { task_id, supervisor_id: 's1', fence: run.fence };
  t.equal(
    await queue.raiseFence({ ...holder, supervisor_id: 's2' }, 41),
    false,
    'an earlier owner of the task',
  );
  t.equal(await queue.raiseFence({ ...holder, fence: run.fence - 1 }, 41), false);
  t.equal(await queue.raiseFence(holder, 41), true);
  t.equal(await queue.raiseFence(holder, 41), false);
  await queue.finish([ended(run, 's1', { kind: 'handed_back', delay_ms: 0, reason: 'fence' })]);
  t.ok((await claimOne(queue)).fence > 41);
});
