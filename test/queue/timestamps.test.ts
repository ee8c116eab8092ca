/** Every write to a task moves updated_at; the other moments are set when they come (R21). */
import t from 'tap';
import {
  COMPLETED,
  claimOne,
  emptyRedis,
  ended,
  FAILED,
  type QueueBundle,
  redisNow,
  retryIn,
  setup,
  submitOne,
  untilRedisTime,
} from './support.ts';

const run = (task: { task_id: string; fence: number }) => ({ ...task, supervisor_id: 's1' });

/** What is done to a running task, or to one that waits. */
const RUNNING: Record<
  string,
  (queue: QueueBundle['queue'], task: Awaited<ReturnType<typeof claimOne>>) => Promise<unknown>
> = {
  progress: (queue, task) => queue.progress(run(task), 10, 1),
  checkpoint: (queue, task) => queue.checkpoint(run(task)),
  stop: (queue, task) => queue.stop(task.task_id),
  'finish: completed': (queue, task) => queue.finish([ended(task, 's1', COMPLETED)]),
  'finish: failed': (queue, task) => queue.finish([ended(task, 's1', FAILED)]),
  'finish: retry': (queue, task) => queue.finish([ended(task, 's1', retryIn(50))]),
  'finish: handed_back': (queue, task) =>
    queue.finish([ended(task, 's1', { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' })]),
  'finish: closed': (queue, task) =>
    queue.finish([ended(task, 's1', { kind: 'closed', delay_ms: 9, reason: 'full' })]),
};

t.test('claim, progress, checkpoint, stop and every end move updated_at', async (t) => {
  const { queue, redis } = await setup(t);
  const later = async () => untilRedisTime(redis, (await redisNow(redis)) + 2);
  for (const [name, write] of Object.entries(RUNNING)) {
    const id = await submitOne(queue, { priority: 0 });
    const seen = async () => (await queue.get(id))?.updated_at as number;
    const submitted = await seen();
    await later();
    const task = await claimOne(queue);
    const claimed = await seen();
    t.ok(claimed > submitted, 'claim');
    await later();
    await write(queue, task);
    t.ok((await seen()) > claimed, name);
    t.ok((await seen()) <= (await redisNow(redis)), `${name}: by the clock of Redis`);
    await emptyRedis(redis);
  }
});

t.test('cancel, a lost lease and a manual retry do too', async (t) => {
  const { queue, redis } = await setup(t);
  const later = async () => untilRedisTime(redis, (await redisNow(redis)) + 2);
  const id = await submitOne(queue);
  await claimOne(queue, 'gone', 1);
  const claimed = await queue.get(id);
  await later();
  await queue.reap();
  const lost = await queue.get(id);
  t.ok(Number(lost?.updated_at) > Number(claimed?.updated_at), 'lost');
  await later();
  const cancelled = await queue.cancel(id);
  t.ok(cancelled.updated_at > Number(lost?.updated_at), 'cancel');
  t.equal(cancelled.completed_at, cancelled.updated_at);
  await later();
  await queue.retry(id);
  t.ok(Number((await queue.get(id))?.updated_at) > cancelled.updated_at, 'retried_as');
});

t.test('created_at, started_at and completed_at stand in their order', async (t) => {
  const { queue } = await setup(t);
  const id = await submitOne(queue);
  t.match(await queue.get(id), { created_at: Number, started_at: null, completed_at: null });
  const task = await claimOne(queue);
  t.match(await queue.get(id), { started_at: Number, completed_at: null });
  await queue.finish([ended(task, 's1', COMPLETED)]);
  const { created_at, started_at, completed_at } = (await queue.get(id)) ?? {};
  t.ok(Number(created_at) <= Number(started_at) && Number(started_at) <= Number(completed_at));
});
