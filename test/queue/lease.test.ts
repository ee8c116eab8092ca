/** A supervisor that dies between claim and finish loses its tasks to another, and can't write any more. */
import t from 'tap';
import {
  COMPLETED,
  claim,
  claimOne,
  ended,
  FAILED,
  redisNow,
  retryIn,
  setup,
  submitOne,
  untilRedisTime,
} from './support.ts';

t.test('a claim that is not renewed comes back at its lease end, with no attempt used', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue);
  const run = await claimOne(queue, 'dead', 500);
  const { next_lease_end } = await queue.tick('alive', [], 4000);
  t.strictSame(await queue.reap(), { taken: [], gone: [], next_lease_end }, 'not before its time');
  let reaped = await queue.reap();
  while (reaped.taken.length === 0) reaped = await queue.reap();
  t.strictSame(reaped, {
    taken: [{ task_id: id, result: 'done', status: 'pending' }],
    gone: [],
    next_lease_end: null,
  });
  const task = await queue.get(id);
  t.ok((task?.updated_at as number) >= (next_lease_end as number), 'not a millisecond early');
  t.match(task, { status: 'pending', attempt: 0, losses: 1, owner: null, fence: null });
  const again = await claimOne(queue, 'alive');
  t.equal(again.task_id, id);
  t.equal(again.fence, run.fence + 1);
  t.equal(again.time_left_ms, 59_500, 'its running time went on until the lease end');
});

t.test('a renewed lease holds, and tick names the ones that are lost', async (t) => {
  const { queue, redis } = await setup(t);
  await submitOne(queue);
  await submitOne(queue);
  const [kept, dropped] = await claim(queue, 's1', 2, 150);
  if (!kept || !dropped) return t.fail('two claims expected');
  const { lost, now } = await queue.tick('s1', [kept], 4000);
  t.strictSame(lost, []);
  await untilRedisTime(redis, now + 150);
  t.strictSame(
    (await queue.reap()).taken.map((task) => task.task_id),
    [dropped.task_id],
  );
  t.strictSame((await queue.tick('s1', [kept, dropped], 4000)).lost, [dropped.task_id]);
  t.equal((await queue.depth()).supervisors, 1);
});

t.test('a zombie can change nothing, before and after its successor has begun', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  const zombie = await claimOne(queue, 'zombie', 1);
  await untilRedisTime(redis, (await redisNow(redis)) + 2);
  await queue.reap();
  const late = { ...zombie, supervisor_id: 'zombie' };
  const tryEverything = async (result: string, status: string) => {
    const before = await redis.hgetall(queue.keys.task(id));
    for (const outcome of [
      COMPLETED,
      FAILED,
      retryIn(0),
      { kind: 'handed_back', delay_ms: 0, reason: '' } as const,
    ]) {
      t.strictSame(await queue.finish([{ ...late, outcome }]), {
        results: [{ task_id: id, result, status }],
        claimed: [],
      });
    }
    t.equal(await queue.progress(late, 99, 99, 'late'), false);
    t.equal(await queue.checkpoint(late), false);
    t.equal(await queue.timeLeft(late), null);
    t.strictSame((await queue.tick('zombie', [zombie], 4000)).lost, [id]);
    t.strictSame(await redis.hgetall(queue.keys.task(id)), before, 'nothing has changed');
  };
  await tryEverything('not_running', 'pending');
  const heir = await claimOne(queue, 'heir');
  t.equal(heir.task_id, id);
  await tryEverything('not_owner', 'running');
  // The same supervisor under an older fence is a zombie too.
  const stale = { ...heir, fence: heir.fence - 1, supervisor_id: 'heir' };
  t.match((await queue.finish([{ ...stale, outcome: COMPLETED }])).results, [{ result: 'not_owner' }]);
  // And so is another supervisor with the right fence.
  const guessed = { ...heir, supervisor_id: 'zombie' };
  t.match((await queue.finish([{ ...guessed, outcome: COMPLETED }])).results, [{ result: 'not_owner' }]);
  t.equal(await queue.progress(guessed, 10, 1), false);
  t.equal(await queue.progress({ ...heir, supervisor_id: 'heir' }, 10, 1), true);
  await queue.finish([ended(heir, 'heir', COMPLETED)]);
  await tryEverything('not_running', 'completed');
});

t.test('the owner of a run is told what is left until its deadline', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  const run = { ...(await claimOne(queue, 's1')), supervisor_id: 's1' };
  const { deadline_at } = (await queue.get(id)) ?? {};
  const before = await redisNow(redis);
  const left = (await queue.timeLeft(run)) ?? Number.NaN;
  const after = await redisNow(redis);
  const at = Number(deadline_at);
  t.ok(left <= at - before && left > at - after - 1, `${left} of ${at - before} to ${at - after} ms`);
});

t.test('the fifth loss in a row fails the task; a checkpoint starts the count anew', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  const lose = async (checkpoint: boolean) => {
    const run = await claimOne(queue, 'doomed', 1);
    if (checkpoint) t.equal(await queue.checkpoint({ ...run, supervisor_id: 'doomed' }), true);
    await untilRedisTime(redis, ((await queue.get(id))?.updated_at ?? 0) + 2);
    const { taken } = await queue.reap();
    t.equal(taken.length, 1);
    return (await queue.get(id))?.losses;
  };
  t.equal(await lose(false), 1);
  t.equal(await lose(false), 2);
  t.equal(await lose(true), 1);
  for (const losses of [2, 3, 4]) t.equal(await lose(false), losses);
  await lose(false);
  t.match(await queue.get(id), { status: 'failed', last_error_type: 'supervisor_lost', losses: 5 });
  t.equal((await queue.tick('s', [], 1)).next_lease_end, null);
});

t.test('a finish that is sent twice, because its answer was lost, is done once', async (t) => {
  const { queue, redis } = await setup(t);
  await submitOne(queue);
  const run = await claimOne(queue);
  const first = await queue.finish([ended(run, 's1', COMPLETED)]);
  const task = await queue.get(run.task_id);
  t.strictSame(await queue.finish([ended(run, 's1', COMPLETED)]), first);
  t.strictSame(await queue.get(run.task_id), task);
  t.equal(await redis.llen(queue.keys.audit), 1);
});

t.test('the hash of a running task is deleted by hand: its type does not stay held', async (t) => {
  const { queue, redis } = await setup(t);
  const task = { dataset: 'daily', mode: 'full' } as const;
  const [gone, next] = [await submitOne(queue, task), await submitOne(queue, task)];
  await claimOne(queue, 's1', 1);
  t.strictSame(await claim(queue, 's1', 1), [], 'the next one is parked');
  await redis.del(queue.keys.task(gone));
  await untilRedisTime(redis, (await redisNow(redis)) + 2);
  t.match(await queue.reap(), { taken: [], gone: [gone] });
  t.match(await queue.reap(), { gone: [gone] }, 'until it is forgotten');
  t.strictSame(await queue.forget(gone), ['daily.full']);
  t.match(await queue.reap(), { gone: [], next_lease_end: null });
  t.match(await queue.depth(), { running: 0 });
  t.equal((await queue.list({ status: 'running' })).total, 0);
  t.equal((await claimOne(queue, 's1')).task_id, next);
  t.equal(await queue.forget(next), null, 'one that runs is not forgotten');
  t.match(await queue.get(next), { status: 'running' });
});
