/** From the end of a task to the end of its Redis copy: nothing leaves before Postgres has it (R29, D28). */
import t from 'tap';
import { AUDIT_LEASE_MS, type AuditEntry, AuditList } from '../../src/queue/audit-list.ts';
import { isRedisAway } from '../../src/queue/gate.ts';
import type { Queue } from '../../src/queue/queue.ts';
import type { QueueRedis } from '../../src/queue/scripts.ts';
import { claimAll, finishRun, submitGraph } from './execution-support.ts';
import {
  allKeys,
  COMPLETED,
  claim,
  ended,
  FAILED,
  newTask,
  setup,
  setupWithServer,
  submitOne,
} from './support.ts';

const WEEK_MS = 7 * 86_400_000;
const stored = (entries: AuditEntry[]) => entries.map((entry) => ({ ...entry, fate: 'stored' as const }));
const ids = (entries: AuditEntry[]) => entries.map(({ task }) => task?.task_id);

/** Tasks that completed, in the order of the audit list. */
async function completed(queue: Queue, count: number): Promise<string[]> {
  await queue.submit(Array.from({ length: count }, () => newTask({ params: { long: 'x'.repeat(600) } })));
  const runs = await claim(queue, 's1', count);
  await queue.finish(runs.map((run) => ended(run, 's1', COMPLETED)));
  return runs.map((run) => run.task_id);
}

async function daysLeft(redis: QueueRedis, task_id: string): Promise<number[]> {
  const keys = [`{stock}:task:${task_id}`, `{stock}:params:${task_id}`];
  return await Promise.all(keys.map((key) => redis.pttl(key)));
}

t.test('the Redis copy begins to expire when Postgres has it, not before', async (t) => {
  const { queue, redis } = await setup(t);
  const list = new AuditList(redis, 'stock');
  const [first = '', second = ''] = await completed(queue, 2);
  const entries = await list.oldest('a', 10);
  t.strictSame(ids(entries), [first, second]);
  t.strictSame(entries[0]?.task, await queue.get(first), 'an entry comes with all of its task');
  t.strictSame(await daysLeft(redis, first), [-1, -1]);
  t.equal(await list.audited(stored(entries.slice(0, 1))), 1);
  for (const ms of await daysLeft(redis, first)) t.ok(ms > WEEK_MS - 60_000 && ms <= WEEK_MS, `${ms} ms`);
  t.strictSame(await daysLeft(redis, second), [-1, -1], 'its neighbour waits on');
  t.strictSame(ids(await list.oldest('a', 10)), [second]);
});

t.test('one auditor has the list at a time; when it dies the next one sees the same entries', async (t) => {
  const { queue, redis } = await setup(t);
  const list = new AuditList(redis, 'stock');
  const [first, second] = await completed(queue, 2);
  t.strictSame(ids(await list.oldest('a', 1)), [first]);
  t.strictSame(await list.oldest('b', 1), []);
  const lease = await redis.pttl('{stock}:auditor');
  t.ok(lease > 0 && lease <= AUDIT_LEASE_MS);
  await redis.del('{stock}:auditor');
  const taken = await list.oldest('b', 10);
  t.strictSame(ids(taken), [first, second]);
  await list.audited(stored(taken));
  t.strictSame(await list.oldest('b', 10), []);
  t.equal(await redis.exists('{stock}:auditor'), 0, 'who finds nothing leaves the list to others');
});

t.test('an auditor that comes late removes nothing that it did not copy', async (t) => {
  const { queue, redis } = await setup(t);
  const list = new AuditList(redis, 'stock');
  await completed(queue, 4);
  const slow = await list.oldest('slow', 3);
  await redis.del('{stock}:auditor');
  const fast = await list.oldest('fast', 2);
  t.equal(await list.audited(stored(fast)), 2);
  t.equal(await list.audited(stored(slow)), 1, 'only the one that was still there');
  const [later = ''] = await completed(queue, 1);
  t.equal(await list.audited(stored(slow)), 0);
  t.equal(await redis.llen(queue.keys.audit), 2);
  t.strictSame(await daysLeft(redis, later), [-1, -1]);
});

t.test('what can not be stored is set aside and keeps its Redis copy', async (t) => {
  const { queue, redis } = await setup(t);
  const list = new AuditList(redis, 'stock');
  const [kept = '', gone = ''] = await completed(queue, 2);
  await redis.rpush(queue.keys.audit, 'nonsense', '5');
  await redis.del(queue.keys.task(gone));
  const entries = await list.oldest('a', 10);
  t.strictSame(
    ids(entries),
    [kept, undefined, undefined, undefined],
    'what is gone or unreadable comes without a task',
  );
  const refused = entries.map((entry) => ({ ...entry, fate: 'refused' as const }));
  await list.audited(refused.slice(0, 2));
  t.match(
    await queue.depth(),
    { unaudited: 2, oldest_unaudited_ms: null },
    'nonsense at the head hurts nobody',
  );
  await list.audited(refused.slice(2));
  t.equal(await redis.llen(queue.keys.audit), 0);
  t.strictSame(
    await redis.lrange('{stock}:audit_refused', 0, -1),
    entries.map(({ text }) => text),
  );
  t.equal((await queue.depth()).refused, 4);
  t.strictSame(await daysLeft(redis, kept), [-1, -1]);
});

t.test('when the days are over every trace goes, in whatever order tasks ended', async (t) => {
  const { queue, redis } = await setup(t);
  const list = new AuditList(redis, 'stock');
  const [first = ''] = await completed(queue, 1);
  const others = await completed(queue, 450);
  const cancelled = await submitOne(queue);
  await queue.cancel(cancelled);
  for (;;) {
    const entries = await list.oldest('a', 100);
    if (entries.length === 0) break;
    await list.audited(stored(entries));
  }
  t.equal(await redis.zcard('{stock}:expiring'), 452);
  // The oldest submission stays the longest: it must not hide the others.
  for (const id of [...others, cancelled]) await redis.zadd('{stock}:expiring', 1, `task:${id}`);
  for (let beat = 0; beat < 3; beat++) await queue.tick('s1', [], 4000);
  t.strictSame(await redis.zrange('{stock}:index:completed', '0', '-1'), [first]);
  t.equal(await redis.zcard('{stock}:index:cancelled'), 0);
  t.strictSame(await redis.zrange('{stock}:expiring', '0', '-1'), [`task:${first}`]);
  const left = await allKeys(redis);
  t.strictSame(
    left.filter((key) => /:(task|params):/.test(key)).sort(),
    [`{stock}:params:${first}`, `{stock}:task:${first}`],
    'no key of the others is left',
  );
  const { tasks, total } = await queue.list();
  t.match({ total, ids: tasks.map(({ task_id }) => task_id) }, { total: 1, ids: [first] });
});

t.test('what has ended in an execution does not expire while that lives, nor when it goes on', async (t) => {
  const { queue, redis } = await setup(t);
  const list = new AuditList(redis, 'stock');
  const audit = async () => list.audited(stored(await list.oldest('a', 100)));
  const { execution_id, ids } = await submitGraph(queue, { a: '', b: '', c: '' });
  const [a, b] = [ids.a as string, ids.b as string];
  const runs = await claimAll(queue);
  await finishRun(queue, runs.a, COMPLETED);
  await finishRun(queue, runs.b, FAILED);
  t.equal(await audit(), 2);
  for (const id of [a, b]) t.strictSame(await daysLeft(redis, id), [-1, -2], 'c still runs');
  const { task_id: again } = await queue.retry(b);
  await finishRun(queue, (await claimAll(queue)).b, FAILED);
  t.ok(((await daysLeft(redis, b))[0] ?? 0) > 0, 'it is no part any more: its days begin');
  await finishRun(queue, runs.c, COMPLETED);
  t.equal(await audit(), 3, 'the second b, c, the execution');
  for (const id of [a, again, ids.c as string]) t.ok(((await daysLeft(redis, id))[0] ?? 0) > 0, 'the whole');
  const { task_ids } = await queue.executions.retry(execution_id);
  t.strictSame(await daysLeft(redis, a), [-1, -2], 'the execution goes on');
  t.ok(((await daysLeft(redis, again))[0] ?? 0) > 0);
  await finishRun(queue, (await claimAll(queue)).b, COMPLETED);
  await audit();
  for (const id of [a, ...task_ids]) t.ok(((await daysLeft(redis, id))[0] ?? 0) > 0, 'to its next end');
});

t.test('tick and depth say how much waits, and for how long', async (t) => {
  const { queue, redis } = await setup(t);
  t.equal((await queue.tick('s1', [], 4000)).unaudited, 0);
  t.match(await queue.depth(), { unaudited: 0, oldest_unaudited_ms: null });
  await completed(queue, 3);
  t.equal((await queue.tick('s1', [], 4000)).unaudited, 3);
  const depth = await queue.depth();
  t.equal(depth.unaudited, 3);
  t.ok((depth.oldest_unaudited_ms as number) >= 0 && (depth.oldest_unaudited_ms as number) < 60_000);
  const list = new AuditList(redis, 'stock');
  await list.audited(stored(await list.oldest('a', 3)));
  t.match(await queue.depth(), { unaudited: 0, oldest_unaudited_ms: null });
});

t.test('a full Redis refuses submissions; what is there still runs, ends and is audited', async (t) => {
  const { queue, redis } = await setupWithServer(t);
  const list = new AuditList(redis, 'stock');
  const [ready = ''] = await completed(queue, 1);
  const waiting = await submitOne(queue);
  await redis.config('SET', 'maxmemory', '1', 'maxmemory-policy', 'noeviction');
  const refused = await queue.submit([newTask()]).catch((error) => error);
  t.ok(isRedisAway(refused), String(refused));
  const [run] = await claim(queue, 's1', 1);
  t.equal(run?.task_id, waiting);
  if (!run) return;
  t.strictSame((await queue.tick('s1', [run], 4000)).lost, [], 'its lease is renewed');
  const { results } = await queue.finish([ended(run, 's1', COMPLETED)]);
  t.match(results, [{ result: 'done' }]);
  const entries = await list.oldest('a', 10);
  t.strictSame(ids(entries), [ready, waiting]);
  t.equal(await list.audited(stored(entries)), 2);
  for (const id of [ready, waiting]) t.ok((await redis.pttl(`{stock}:task:${id}`)) > 0);
});
