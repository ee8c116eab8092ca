/** Any order of verbs leaves the queue as the plain model in memory has it, with no task lost and none stuck. */
import fc from 'fast-check';
import t from 'tap';
import type { Outcome, Priority } from '../../src/queue/task.ts';
import { Model, type ModelTask } from './model.ts';
import { COMPLETED, emptyRedis, FAILED, newTask, type QueueBundle, retryIn, setup } from './support.ts';

/** Far enough that time plays no part: the test lets leases end and delays fall due by hand. */
const LONG_MS = 1e9;
const OUTCOMES: Outcome[] = [
  COMPLETED,
  FAILED,
  retryIn(0),
  retryIn(LONG_MS),
  { kind: 'handed_back', delay_ms: 0, reason: 'shutdown' },
  { kind: 'closed', delay_ms: LONG_MS, reason: 'quota' },
  { kind: 'cancelled' },
];

const step = fc.record({
  verb: fc.constantFrom(
    'submit',
    'submit',
    'claim',
    'claim',
    'finish',
    'finish',
    'zombie',
    'cancel',
    'stop',
    'group',
    'retry',
    'retry execution',
    'stop execution',
    'lose',
    'due',
  ),
  a: fc.nat(1000),
  b: fc.nat(1000),
});

t.test('10,000 random steps against the model', async (t) => {
  const bundle = await setup(t);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 200, maxLength: 300 }), async (steps) => {
      await emptyRedis(bundle.redis);
      const model = new Model();
      for (const [i, { verb, a, b }] of steps.entries()) {
        await play(bundle, model, verb, a, b);
        await compare(bundle, model);
        if (i % 10 === 0) await compareLists(bundle.queue, model);
      }
    }),
    { numRuns: 40 },
  );
  t.pass('equal after every step');
});

/** One verb on both; throws when they answer differently. */
async function play({ queue, redis }: QueueBundle, model: Model, verb: string, a: number, b: number) {
  const running = model.tasks.filter((task) => task.status === 'running');
  const one = pick(running, a);
  if (verb === 'submit') {
    const dataset = `d${a % 4}`;
    const task = newTask({ task_id: `t${model.tasks.length}`, dataset, priority: (b % 3) as Priority });
    await queue.submit([{ ...task, max_attempts: 1 + (a % 3) }]);
    model.submit(`t${model.tasks.length}`, task.job_type, task.priority, 1 + (a % 3));
  } else if (verb === 'claim') {
    const supervisor_id = `s${a % 3}`;
    const claimed = await queue.claim({ supervisor_id, free: 1 + (b % 3), lease_ms: LONG_MS });
    same(
      claimed.map((task) => task.task_id),
      model.claim(supervisor_id, 1 + (b % 3)),
      'claimed',
    );
  } else if (verb === 'finish' && one) {
    const outcome = OUTCOMES[b % OUTCOMES.length] as Outcome;
    const next = { supervisor_id: 's9', free: b % 2, lease_ms: LONG_MS };
    const { results, claimed } = await queue.finish([{ ...runOf(one), outcome }], next);
    same(results[0]?.status, model.finish(one, outcome), 'status after finish');
    same(
      claimed.map((task) => task.task_id),
      model.claim('s9', b % 2),
      'claimed after finish',
    );
  } else if (verb === 'zombie') {
    const any = pick(model.tasks, a);
    if (!any) return;
    const late = { ...runOf(any), supervisor_id: 'zombie' };
    const { results } = await queue.finish([{ ...late, outcome: OUTCOMES[b % OUTCOMES.length] as Outcome }]);
    same(results[0]?.result === 'done' || (await queue.progress(late, 50, 1)), false, 'zombie accepted');
  } else if (verb === 'cancel') {
    const any = pick(model.tasks, a);
    if (!any) return;
    const done = await queue.cancel(any.id).then(
      () => true,
      () => false,
    );
    same(done, model.cancel(any), 'cancelled');
  } else if (verb === 'stop') {
    const any = pick(model.tasks, a);
    if (!any) return;
    const done = await queue.stop(any.id).then(
      () => true,
      () => false,
    );
    same(done, model.stop(any), 'stopped');
    if (done) {
      const { stops } = await queue.tick(any.owner ?? '', [{ task_id: any.id, fence: any.fence }], LONG_MS);
      same(stops, [any.id], 'told to its owner');
    }
  } else if (verb === 'group') {
    await submitGroup(queue, model, a, b);
  } else if (verb === 'retry') {
    const any = pick(model.tasks, a);
    if (!any) return;
    const again = await queue.retry(any.id).catch(() => null);
    const fresh = model.retry(any);
    same(again !== null, fresh !== null, 'retried');
    await nameThem(queue, fresh, again?.task_id);
  } else if (verb === 'retry execution') {
    const any = pick(model.executions, a);
    if (!any) return;
    const again = await queue.executions.retry(any.id).catch(() => null);
    const fresh = model.retryExecution(any);
    same(again?.task_ids.length ?? null, fresh?.length ?? null, 'retried in part');
    await nameThem(queue, fresh);
  } else if (verb === 'stop execution') {
    const any = pick(model.executions, a);
    if (!any) return;
    const done = await queue.executions.stop(any.id).catch(() => null);
    same(done !== null, model.stopExecution(any), 'execution stopped');
  } else if (verb === 'lose' && one) {
    await redis.zadd('{stock}:running', 0, one.id);
    const { taken } = await queue.reap();
    model.lose(one);
    same(taken, [{ task_id: one.id, result: 'done', status: one.status }], 'reaped');
  } else if (verb === 'due') {
    for (const task of model.tasks)
      if (task.place === 'delayed') await redis.zadd('{stock}:delayed', 0, task.id);
    await queue.tick('s0', [], LONG_MS);
    model.due();
  }
}

/** Up to five tasks, each needing some of those before it. */
async function submitGroup(queue: QueueBundle['queue'], model: Model, a: number, b: number) {
  const size = 2 + (a % 4);
  const needs = Array.from({ length: size }, (_, slot) =>
    Array.from({ length: slot }, (_, need) => need).filter((need) => (b >> (slot + need)) & 1),
  );
  const tasks = needs.map((slots, slot) => ({
    task: newTask({
      task_id: `t${model.tasks.length + slot}`,
      dataset: `d${(a + slot) % 4}`,
      max_attempts: 2,
    }),
    needs: slots,
  }));
  const group = { kind: 'tasks', label: '', tasks } as const;
  const { execution_id } = await queue.executions.submit(group);
  const slots = tasks.map(({ task }) =>
    model.submit(task.task_id as string, task.job_type, task.priority, 2),
  );
  model.group(execution_id, slots, needs);
}

/** The new tasks of a retry have the ids that the queue gave them. */
async function nameThem(queue: QueueBundle['queue'], fresh: ModelTask[] | null, id = '') {
  for (const task of fresh ?? []) {
    if (!task.execution) task.id = id;
    else {
      const page = { offset: task.execution.slots.indexOf(task), limit: 1 };
      task.id = (await queue.executions.get(task.execution.id, page))?.tasks[0]?.task_id ?? '';
    }
  }
}

/** Every task, every set, and that nothing waits for somebody who will not come. */
async function compare({ queue, redis }: QueueBundle, model: Model) {
  const tasks = await queue.getMany(model.tasks.map((task) => task.id));
  const count = (place: string, priority?: number) =>
    model.tasks.filter((task) => task.place === place && (priority ?? task.priority) === task.priority)
      .length;
  for (const [i, task] of model.tasks.entries()) {
    const { status, attempt, losses, sequence, priority, job_type } = tasks[i] ?? {};
    same(
      { status, attempt, losses, sequence, priority, job_type },
      {
        status: task.status,
        attempt: task.attempt,
        losses: task.losses,
        sequence: task.sequence,
        priority: task.priority,
        job_type: task.type,
      },
      task.id,
    );
  }
  const depth = await queue.depth();
  same(
    [
      depth.queued.high,
      depth.queued.normal,
      depth.queued.low,
      depth.delayed,
      depth.parked,
      depth.blocked,
      depth.running,
    ],
    [
      count('queue', 0),
      count('queue', 1),
      count('queue', 2),
      count('delayed'),
      count('parked'),
      count('blocked'),
      model.holders.size,
    ],
    'depth',
  );
  for (const [type, holder] of model.holders) same(await redis.get(`{stock}:type:${type}`), holder.id, type);
  for (const execution of model.executions) {
    const { id, slots, started, ended, ends } = execution;
    const told = (await queue.executions.get(id, { limit: 0 }))?.execution;
    const counts = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0 };
    for (const task of slots) counts[task.status] += 1;
    const status = ended
      ? counts.failed
        ? 'failed'
        : counts.cancelled
          ? 'cancelled'
          : 'completed'
      : started
        ? 'running'
        : 'pending';
    same(
      { counts: told?.counts, attempt: told?.attempt, status: told?.status },
      { counts, attempt: ends, status },
      id,
    );
    same(ended, told?.completed_at !== null, `${id} has ended`);
  }
  for (const parked of model.tasks.filter((task) => task.place === 'parked')) {
    const awaited = model.tasks.some(
      (task) => task.type === parked.type && (task.status === 'running' || task.place === 'queue'),
    );
    if (!awaited) throw new Error(`${parked.id} is parked for ever`);
  }
}

/** Every list has its tasks once, newest first, and the claimable ones know how many come before them. */
async function compareLists(queue: QueueBundle['queue'], model: Model) {
  const newest = model.tasks.toSorted((a, b) => b.sequence - a.sequence);
  const ids = (status?: string) =>
    newest.filter((task) => !status || task.status === status).map((task) => task.id);
  for (const status of ['pending', 'running', undefined] as const) {
    const { tasks, total } = await queue.list({ limit: 1000, ...(status && { status }) });
    same(
      tasks.map(({ task_id }) => task_id),
      ids(status),
      `list of ${status}`,
    );
    same(total, ids(status).length, `total of ${status}`);
  }
  const queued = model.tasks.filter((task) => task.place === 'queue');
  const line = queued.sort((a, b) => a.priority - b.priority || a.sequence - b.sequence);
  const ranks = await Promise.all(line.map(({ id }) => queue.position(id)));
  same(
    ranks.map((position) => position?.ahead),
    line.map((_, i) => i),
    'ahead',
  );
}

function runOf(task: ModelTask) {
  return { task_id: task.id, supervisor_id: task.owner ?? 'nobody', fence: task.fence };
}

function pick<T>(list: readonly T[], index: number): T | undefined {
  return list[index % Math.max(1, list.length)];
}

function same(actual: unknown, expected: unknown, what: string) {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) {
    throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
  }
}
