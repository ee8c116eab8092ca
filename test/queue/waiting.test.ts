/** Why a task waits, in one sentence, and until when. */
import t from 'tap';
import { LEASE_MS, type Queue } from '../../src/queue/queue.ts';
import type { Outcome } from '../../src/queue/task.ts';
import { submitGraph } from './execution-support.ts';
import { claim, claimOne, ended, newTask, retryIn, setup, submitOne } from './support.ts';

const why = async (queue: Queue, task_id: string) => (await queue.look(task_id))?.waiting;
const clock = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/;

t.test('in the queue: how many come before it', async (t) => {
  const { queue } = await setup(t);
  await queue.tick('s1', [], LEASE_MS);
  const [first, second, low] = [
    await submitOne(queue),
    await submitOne(queue),
    await submitOne(queue, { priority: 2 }),
  ];
  t.match(await why(queue, first), {
    reason: 'queue',
    message: /^It is next/,
    until: null,
    blocked_by: null,
  });
  t.match(await why(queue, second), { reason: 'queue', message: '1 task is before it in the queue.' });
  t.match(await why(queue, low), { message: '2 tasks are before it in the queue.' });
  t.equal((await queue.look(low))?.ahead, 2);
  t.equal(await queue.look('nobody'), null);
});

t.test('its type is held by a task, which is named', async (t) => {
  const { queue } = await setup(t);
  await queue.tick('s1', [], LEASE_MS);
  const dataset = 'daily';
  const [holder, second, third] = [
    await submitOne(queue, { dataset }),
    await submitOne(queue, { dataset }),
    await submitOne(queue, { dataset }),
  ];
  const run = await claimOne(queue);
  const inQueue = new RegExp(
    `: ${holder} runs now and ends by .* UTC at the latest, and 1 task is before it in the queue\\.$`,
  );
  t.match(await why(queue, third), { reason: 'type_busy', blocked_by: holder, message: inQueue });
  await claim(queue, 's1', 2);
  t.equal(await why(queue, holder), null, 'what runs does not wait');
  const waiting = await why(queue, second);
  t.match(waiting, { reason: 'type_busy', blocked_by: holder, until: null });
  t.match(waiting?.message, new RegExp(`^One task of daily.incremental runs at a time: ${holder} runs now`));
  t.match(waiting?.message, clock, 'and when its time is over');
  t.match((await why(queue, third))?.message, / and 1 more comes before it\.$/);
  await queue.finish([ended(run, 's1', { kind: 'completed', records_processed: 0 })]);
  t.equal(await why(queue, holder), null);
  t.match(await why(queue, second), { reason: 'queue' });
});

t.test('for its moment: a retry, a closed window, a hand-back', async (t) => {
  const { queue } = await setup(t);
  await queue.tick('s1', [], LEASE_MS);
  const cases: [outcome: Outcome, reason: string, message: RegExp][] = [
    [retryIn(60_000), 'retry', /^Its last attempt ended with network: attempt 2 of 4 starts at .* UTC\.$/],
    [
      { kind: 'closed', delay_ms: 60_000, reason: 'hourly quota' },
      'window_closed',
      /^The call window is closed for it until .* UTC \(hourly quota\)\.$/,
    ],
    [
      { kind: 'handed_back', delay_ms: 60_000, reason: 'the job type is locked by another run' },
      'handed_back',
      /^It was handed back and may run again at .* UTC \(the job type is locked by another run\)\.$/,
    ],
  ];
  for (const [outcome, reason, message] of cases) {
    const task_id = await submitOne(queue);
    await queue.finish([ended(await claimOne(queue), 's1', outcome)]);
    const waiting = await why(queue, task_id);
    t.match(waiting, { reason, message, blocked_by: null });
    t.equal(waiting?.until, (await queue.get(task_id))?.next_run_at);
  }
});

t.test(
  'a retry that is due says so until a supervisor lets it in; a second retry after a hand-back',
  async (t) => {
    const { queue } = await setup(t);
    await queue.tick('s1', [], LEASE_MS);
    const task_id = await submitOne(queue, { max_attempts: 3 });
    const back: Outcome = { kind: 'handed_back', delay_ms: 1, reason: 'shutdown' };
    await queue.finish([ended(await claimOne(queue), 's1', back)]);
    while ((await why(queue, task_id))?.reason !== 'due');
    await queue.tick('s1', [], LEASE_MS);
    t.match(await why(queue, task_id), { reason: 'queue', until: null });
    await queue.finish([ended(await claimOne(queue), 's1', retryIn(60_000))]);
    t.match(await why(queue, task_id), { reason: 'retry', message: /attempt 2 of 3/ });
  },
);

t.test('nobody is there to run it', async (t) => {
  const { queue, redis } = await setup(t);
  const task_id = await submitOne(queue);
  t.match(await why(queue, task_id), { reason: 'no_supervisor', until: null });
  await queue.tick('s1', [], LEASE_MS);
  t.match(await why(queue, task_id), { reason: 'queue' });
  await redis.zadd(queue.keys.supervisors, 1, 's1');
  t.match(await why(queue, task_id), { reason: 'no_supervisor' }, 'its heart has stopped');
  await queue.finish([ended(await claimOne(queue), 's1', retryIn(60_000))]);
  t.match(await why(queue, task_id), { reason: 'retry', message: /UTC; no supervisor is alive now\.$/ });
});

t.test('whoever is alive drains', async (t) => {
  const { queue, redis } = await setup(t);
  for (const id of ['s1', 's2']) await queue.tick(id, [], LEASE_MS);
  const task_id = await submitOne(queue);
  await queue.drain('s1', true);
  t.match(await why(queue, task_id), { reason: 'queue' }, 'the other one takes it');
  await queue.drain('s2', true);
  t.match(await why(queue, task_id), { reason: 'draining', until: null });
  await redis.zadd(queue.keys.supervisors, 1, 's2');
  t.match(await why(queue, task_id), { reason: 'draining' }, 'the heart of one has stopped');
  await queue.drain('s1', false);
  t.match(await why(queue, task_id), { reason: 'queue' }, 'its wish does not count any more');
  await queue.drain('s1', true);
  await queue.finish([ended(await claimOne(queue), 's1', retryIn(60_000))]);
  t.match(await why(queue, task_id), { reason: 'retry', message: /UTC; every supervisor drains now\.$/ });
});

t.test('a prerequisite has not completed, and is named', async (t) => {
  const { queue } = await setup(t);
  await queue.tick('s1', [], LEASE_MS);
  const plan = (dataset: string, needs: number[]) => ({ task: newTask({ dataset }), key: null, needs });
  const tasks = [plan('one', []), plan('two', []), plan('last', [0, 1])];
  const { task_ids } = await queue.executions.submit({ kind: 'group', label: 'test', tasks });
  const [one = '', two = '', last = ''] = task_ids;
  const message = `It starts when one.incremental (task ${one}, pending) and 1 other have completed.`;
  t.match(await why(queue, last), { reason: 'prerequisite', message, until: null, blocked_by: one });
  const completed: Outcome = { kind: 'completed', records_processed: 0 };
  await queue.finish([ended(await claimOne(queue), 's1', completed)]);
  const second = `It starts when two.incremental (task ${two}, pending) has completed.`;
  t.match(await why(queue, last), { message: second, blocked_by: two });
  await queue.finish([ended(await claimOne(queue), 's1', completed)]);
  t.match(await why(queue, last), { reason: 'queue' });
});

t.test('for a prerequisite, while nobody is there to run it', async (t) => {
  const { queue } = await setup(t);
  const { ids } = await submitGraph(queue, { a: '', b: 'a' });
  const reason = { reason: 'prerequisite', blocked_by: ids.a };
  t.match(await why(queue, ids.b as string), {
    ...reason,
    message: /has completed; no supervisor is alive now\.$/,
  });
  await queue.tick('s1', [], LEASE_MS);
  t.match(await why(queue, ids.b as string), { ...reason, message: /has completed\.$/ });
});
