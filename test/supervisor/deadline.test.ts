/** Every way of never ending that we know of meets its deadline: classified, the slot free, the type free. */
import t from 'tap';
import type { Task, TaskParams } from '../../src/queue/task.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

const isOver = (task: Task) => task.status === 'completed' || task.status === 'failed';
const ENDLESS = ['spin', 'backtracks', 'waits', 'idles'];
/** Longer than the deadline: the thread lives on inside its native call. */
const BLOCKED_SECONDS = 3;

async function setUp(t: Parameters<typeof freshRedis>[0], threads = 2) {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  await startSupervisor(t, {
    REDIS_URL: redis.url,
    SUPERVISOR_THREADS: String(threads),
    THREAD_MEMORY_MB: '96',
  });
  return queue;
}

for (const dataset of ENDLESS) {
  t.test(`${dataset}: fails at its deadline, and both its slot and its type go on`, async (t) => {
    const queue = await setUp(t);
    const endless = await submit(queue, dataset, { timeout_seconds: 1, max_attempts: 4 });
    const same = await submit(queue, dataset, { timeout_seconds: 1 });
    const failed = await until(queue, endless, isOver);
    t.match(failed, { status: 'failed', last_error_type: 'timeout', attempt: 1 });
    const next = await until(queue, same, isOver);
    t.match(next, { last_error_type: 'timeout' }, 'the next of its type had its turn');
    const late = [failed, next].map((task) => (task.completed_at ?? 0) - (task.deadline_at ?? 0));
    t.ok(Math.min(...late) >= 0, `never before the deadline: ${late} ms after it`);
    // of the two, for a machine that has no processor free at the moment of one ends it later
    t.ok(Math.min(...late) < 500, `soon after the deadline: ${late} ms`);
    t.match(await until(queue, await submit(queue, 'noop'), isOver), { status: 'completed' });
  });
}

t.test('blocks: its type stays locked until the native call has ended, other types go on', async (t) => {
  const queue = await setUp(t);
  const blocked = await submit(queue, 'blocks', { timeout_seconds: 1, params: { seconds: BLOCKED_SECONDS } });
  const same = await submit(queue, 'blocks', { params: { seconds: 0 } });
  const began = await until(queue, blocked, (task) => task.status === 'running');
  t.match(await until(queue, await submit(queue, 'noop'), isOver), { status: 'completed' });
  const failed = await until(queue, blocked, isOver);
  t.match(failed, { status: 'failed', last_error_type: 'timeout' });
  const next = await until(queue, same, isOver);
  t.match(next, { status: 'completed' });
  const apart = (next.started_at ?? 0) - (began.started_at ?? 0);
  t.ok(
    apart >= BLOCKED_SECONDS * 1000,
    `the next of its type began ${apart} ms after it, when its thread had exited`,
  );
});

t.test(
  'a thread that lives on past its deadline does not keep its slot, and takes no second one',
  async (t) => {
    const queue = await setUp(t, 1);
    const blocks = (type: string) =>
      submit(queue, 'blocks', { job_type: type, timeout_seconds: 1, params: { seconds: BLOCKED_SECONDS } });
    const first = await blocks('first.full');
    const second = await blocks('second.full');
    const noop = await submit(queue, 'noop');
    const next = await until(queue, second, (task) => task.status === 'running');
    t.match(await queue.get(first), { status: 'running' }, 'the one before lives on inside its native call');
    const [late, done] = [await until(queue, first, isOver), await until(queue, noop, isOver)];
    t.match(late, { status: 'failed', last_error_type: 'timeout' });
    t.match(done, { status: 'completed' });
    t.ok((next.started_at ?? 0) < (late.completed_at ?? 0), 'the next one began before that');
    t.ok(
      (done.started_at ?? 0) >= (late.completed_at ?? 0),
      'of two that live on, one alone gives up its slot',
    );
  },
);

t.test(
  'out of memory, an exit, a rejection: each has its class; 250 MB in a result, an error or a message do no harm',
  async (t) => {
    const queue = await setUp(t);
    const cases: { dataset: string; wanted: object; params?: TaskParams }[] = [
      { dataset: 'hoards', wanted: { status: 'failed', last_error_type: 'out_of_memory', attempt: 1 } },
      { dataset: 'exits', wanted: { status: 'failed', last_error_type: 'thread_crashed', attempt: 1 } },
      { dataset: 'rejects', wanted: { status: 'failed', last_error_type: 'thread_crashed', attempt: 1 } },
      { dataset: 'uncloneable', wanted: { status: 'failed', last_error_type: 'result_invalid', attempt: 1 } },
      { dataset: 'bulky', wanted: { status: 'completed', records_processed: 7, attempt: 1 } },
      ...['progress', 'words', 'error'].map((says) => ({
        dataset: 'bulky',
        params: { says },
        wanted:
          says === 'progress'
            ? { status: 'completed', progress_message: /^x{499}…$/ }
            : { status: 'failed', last_error_type: /^(internal|out_of_memory)$/, attempt: 1 },
      })),
    ];
    for (const { dataset, wanted, params = {} } of cases) {
      const task_id = await submit(queue, dataset, { max_attempts: 1, params });
      t.match(await until(queue, task_id, isOver), wanted, `${dataset} ${JSON.stringify(params)}`);
    }
    t.match(await until(queue, await submit(queue, 'noop'), isOver), { status: 'completed' });
  },
);
