/** A task survives its way through Redis: every field, and the retry metadata (R19–R21, R118). */
import t from 'tap';
import type { NewTask } from '../../src/queue/task.ts';
import { claim, claimOne, ended, newTask, retryIn, setup, submitOne } from './support.ts';

t.test('what was submitted is what is read', async (t) => {
  const { queue } = await setup(t);
  const given: NewTask[] = [
    newTask({ task_id: 'plain', dataset: 'daily', mode: 'history', priority: 0 }),
    newTask({
      task_id: 'long',
      params: { codes: Array.from({ length: 50 }, (_, i) => `${i}.SZ`), 名: '平安' },
    }),
    newTask({
      task_id: 'odd',
      dataset: 'a.b',
      mode: 'full',
      job_type: 'proxy-test',
      params: { empty: [], nil: null },
    }),
    newTask({
      task_id: 'part',
      execution_id: 'e1',
      retry_of: 'older',
      priority: 2,
      max_attempts: 1,
      timeout_seconds: 9,
    }),
  ];
  await queue.submit(given);
  const read = await queue.getMany(['plain', 'long', 'odd', 'part', 'nobody']);
  t.match(read, [...given, null]);
  t.match(read[0], {
    status: 'pending',
    sequence: 1,
    attempt: 0,
    losses: 0,
    progress: 0,
    records_processed: 0,
    started_at: null,
    completed_at: null,
    deadline_at: null,
    next_run_at: null,
    last_error_type: null,
    owner: null,
    fence: null,
    execution_id: null,
  });
  t.equal(read[0]?.updated_at, read[0]?.created_at);
  const claimed = await claim(queue, 's1', 4);
  for (const task of given) {
    const { dataset, mode, job_type, params, priority, max_attempts } = task;
    const got = claimed.find(({ task_id }) => task_id === task.task_id);
    t.match(got, { dataset, mode, job_type, params, priority, max_attempts, attempt: 0, fence: 1 });
    t.equal(got?.time_left_ms, task.timeout_seconds * 1000);
  }
});

t.test('the retry metadata stands in the task hash', async (t) => {
  const { queue, redis } = await setup(t);
  const id = await submitOne(queue, { max_attempts: 3 });
  t.match(await redis.hgetall(queue.keys.task(id)), {
    attempt: '0',
    max_attempts: '3',
    timeout_seconds: '60',
  });
  const run = await claimOne(queue);
  const running = await redis.hgetall(queue.keys.task(id));
  t.equal(Number(running.deadline_at), Number(running.started_at) + 60_000);
  await queue.finish([ended(run, 's1', retryIn(60_000))]);
  const task = await queue.get(id);
  t.match(await redis.hgetall(queue.keys.task(id)), {
    status: 'pending',
    attempt: '1',
    last_error_type: 'network',
    next_run_at: String(Number(task?.updated_at) + 60_000),
  });
});

t.test('an id that exists is left as it is, and said so', async (t) => {
  const { queue } = await setup(t);
  const first = newTask({ task_id: 'same', params: { version: 1 } });
  t.strictSame(await queue.submit([first]), [{ task_id: 'same', created: true }]);
  const again = await queue.submit([{ ...first, params: { version: 2 } }, newTask({ task_id: 'new' })]);
  t.strictSame(again, [
    { task_id: 'same', created: false },
    { task_id: 'new', created: true },
  ]);
  t.match(await queue.get('same'), { params: { version: 1 }, sequence: 1 });
  t.equal((await queue.depth()).pending, 2);
  await claim(queue, 's1', 2);
  t.strictSame(await queue.submit([first]), [{ task_id: 'same', created: false }]);
  t.equal((await queue.get('same'))?.status, 'running');
});
