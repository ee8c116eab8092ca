/** Every verb against every status: what is not drawn in task.ts is refused and changes nothing (R22). */
import t from 'tap';
import type { Outcome, TaskStatus } from '../../src/queue/task.ts';
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

const OUTCOMES: Outcome[] = [
  COMPLETED,
  FAILED,
  retryIn(0),
  { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' },
  { kind: 'closed', delay_ms: 0, reason: 'quota' },
  { kind: 'cancelled' },
];

/** Brings a new task to a status; the run is the one that a supervisor may still believe in. */
async function taskIn(status: TaskStatus, queue: QueueBundle['queue']) {
  const id = await submitOne(queue);
  const nobody = { task_id: id, supervisor_id: 's1', fence: 1 };
  if (status === 'pending') return nobody;
  if (status === 'cancelled') {
    await queue.cancel(id);
    return nobody;
  }
  const run = { ...(await claimOne(queue)), supervisor_id: 's1' };
  if (status === 'completed') await queue.finish([{ ...run, outcome: COMPLETED }]);
  if (status === 'failed') await queue.finish([{ ...run, outcome: FAILED }]);
  return run;
}

const REACHED: Record<TaskStatus, Record<string, TaskStatus>> = {
  pending: { cancel: 'cancelled', claim: 'running' },
  running: {
    completed: 'completed',
    failed: 'failed',
    retry: 'pending',
    handed_back: 'pending',
    closed: 'pending',
    cancelled: 'cancelled',
  },
  completed: {},
  failed: {},
  cancelled: {},
};

for (const from of Object.keys(REACHED) as TaskStatus[]) {
  t.test(`from ${from}`, async (t) => {
    const { queue, redis } = await setup(t);
    const verbs = ['cancel', 'claim', ...OUTCOMES.map((outcome) => outcome.kind)];
    for (const verb of verbs) {
      const run = await taskIn(from, queue);
      const before = await redis.hgetall(queue.keys.task(run.task_id));
      const audited = await redis.llen(queue.keys.audit);
      if (verb === 'cancel') await queue.cancel(run.task_id).catch(() => {});
      else if (verb === 'claim') await claim(queue, 's2', 1);
      else {
        const outcome = OUTCOMES.find(({ kind }) => kind === verb) as Outcome;
        await queue.finish([{ ...run, outcome }]);
      }
      const to = REACHED[from][verb];
      const after = await queue.get(run.task_id);
      t.equal(after?.status, to ?? from, `${verb} leads to ${to ?? 'nowhere'}`);
      if (!to) {
        t.strictSame(await redis.hgetall(queue.keys.task(run.task_id)), before, `${verb} changes nothing`);
        t.equal(await redis.llen(queue.keys.audit), audited);
      }
      // Exactly one list has it, once, that of its status.
      for (const status of Object.keys(REACHED) as TaskStatus[]) {
        const { tasks } = await queue.list({ status });
        const times = tasks.filter(({ task_id }) => task_id === run.task_id).length;
        t.equal(times, status === after?.status ? 1 : 0, `list of ${status}`);
      }
      // Out of the way of the next verb's claim.
      if (after?.status === 'pending') await queue.cancel(run.task_id);
    }
  });
}

t.test('attempt counts the attempts that ended, once each', async (t) => {
  const { queue } = await setup(t);
  const expected = { completed: 1, failed: 1, retry: 1, handed_back: 0, closed: 0, cancelled: 1 };
  for (const outcome of OUTCOMES) {
    const id = await submitOne(queue);
    const run = await claimOne(queue);
    await queue.finish([ended(run, 's1', outcome)]);
    t.equal((await queue.get(id))?.attempt, expected[outcome.kind], outcome.kind);
    await queue.cancel(id).catch(() => {});
  }
});

t.test('terminal states reach the audit list; the feed has every transition', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue);
  await queue.finish([ended(await claimOne(queue), 's1', retryIn(0))]);
  t.equal(await redis.llen(queue.keys.audit), 0);
  await queue.finish([ended(await claimOne(queue), 's1', COMPLETED)]);
  const task = await queue.get(id);
  const entries = (await redis.lrange(queue.keys.audit, 0, -1)).map((entry) => JSON.parse(entry));
  t.strictSame(entries, [{ kind: 'task', id, attempt: 2, status: 'completed', at: task?.completed_at }]);
  const feed = await redis.xrange(queue.keys.events, '-', '+');
  t.strictSame(
    feed.map(([, fields]) => fields[fields.indexOf('event') + 1]),
    ['submitted', 'claimed', 'retry', 'claimed', 'completed'],
  );
});
