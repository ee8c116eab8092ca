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
  t.match(await redis.hgetall(queue.keys.task(id)), { max_attempts: '3', timeout_seconds: '60' });
  const run = await claimOne(queue);
  const running = await redis.hgetall(queue.keys.task(id));
  t.match(running, { attempt: '0', max_attempts: '3', timeout_seconds: '60' });
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

t.test('defaults are left out until the task starts, and read all the same', async (t) => {
  const { queue, redis } = await setup(t);
  const defaults = { attempt: 0, max_attempts: 4, timeout_seconds: 1800 };
  const id = await submitOne(queue, { max_attempts: 4, timeout_seconds: 1800 });
  t.strictSame(Object.keys(await redis.hgetall(queue.keys.task(id))), ['job_type', 'sequence', 'created_at']);
  t.match(await queue.get(id), { ...defaults, params: {}, priority: 1 });
  const run = await claimOne(queue);
  t.match(run, { max_attempts: 4, time_left_ms: 1_800_000 });
  t.match(await redis.hgetall(queue.keys.task(id)), {
    attempt: '0',
    max_attempts: '4',
    timeout_seconds: '1800',
  });
  await queue.finish([ended(run, 's1', { kind: 'failed', error_type: 'x', error_message: 'x' })]);
  t.match(await queue.retry(id), { ...defaults, retry_of: id }, 'a retry by hand copies them');
});

t.test('parameters of any length come back, and stay compact up to 512 bytes', async (t) => {
  const { queue, redis } = await setup(t);
  for (const bytes of [63, 64, 65, 127, 128, 129, 511, 512, 513, 2000]) {
    // Characters of three bytes, so that a piece may end inside of one.
    const text = '平'.repeat(Math.floor((bytes - '{"t":""}'.length) / 3));
    const params = { t: text + 'x'.repeat(bytes - Buffer.byteLength(JSON.stringify({ t: text }))) };
    t.equal(Buffer.byteLength(JSON.stringify(params)), bytes);
    const id = await submitOne(queue, { params });
    t.strictSame((await queue.get(id))?.params, params, `${bytes} bytes`);
    t.equal(await redis.object('ENCODING', queue.keys.task(id)), 'listpack');
    t.equal(await redis.exists(`{stock}:params:${id}`), bytes > 512 ? 1 : 0);
    const run = await claimOne(queue);
    t.strictSame(run.params, params);
    await queue.finish([ended(run, 's1', { kind: 'failed', error_type: 'x', error_message: 'x' })]);
    const again = await queue.retry(id);
    t.strictSame(again.params, params, 'a retry by hand copies them');
    await queue.cancel(again.task_id);
  }
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
