import { Redis } from 'ioredis';
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

t.test('every state of a task is seen by its id, and survives a restart of web (R30–R35)', async (t) => {
  const redis = await freshRedis(t);
  let api = await startApi(t, { REDIS_URL: redis.url });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const submit = async (dataset: string) => (await api.post('/api/v1/tasks', { dataset })).body.data.task_id;
  const see = async (id: string) => (await api.get(`/api/v1/tasks/${id}`)).body.data;
  const claim = async () => {
    const [task] = await queue.claim({ supervisor_id: 'one', free: 1, lease_ms: LEASE_MS });
    return { task_id: task?.task_id as string, supervisor_id: 'one', fence: task?.fence as number };
  };

  const first = await submit('stock_basic');
  t.match(await see(first), { status: 'pending', progress: 0, started_at: null });

  const run = await claim();
  t.equal(run.task_id, first);
  t.match(await see(first), { status: 'running', started_at: /Z$/, deadline_at: /Z$/, owner: 'one' });

  await queue.progress(run, 42.5, 1234, 'page 3');
  t.match(await see(first), { progress: 42.5, records_processed: 1234, progress_message: 'page 3' });

  await api.stop();
  api = await startApi(t, { REDIS_URL: redis.url });
  t.match(await see(first), { status: 'running', progress: 42.5 }, 'a new web process tells the same');

  await queue.finish([{ ...run, outcome: { kind: 'completed', records_processed: 5400 } }]);
  t.match(await see(first), {
    status: 'completed',
    completed_at: /Z$/,
    progress: 100,
    records_processed: 5400,
    last_error_type: null,
  });

  const second = await submit('trade_cal');
  const failing = await claim();
  const error = {
    error_type: 'tushare_no_permission',
    error_message: '抱歉，您没有接口访问权限'.repeat(300),
  };
  await queue.finish([{ ...failing, outcome: { kind: 'failed', ...error } }]);
  const failed = await see(second);
  t.match(failed, { status: 'failed', last_error_type: 'tushare_no_permission', attempt: 1 });
  t.ok(failed.error_message.length > 0 && failed.error_message.length <= 2000, 'the message is bounded');
  t.same(
    (await api.get('/api/v1/tasks?status=failed')).body.data.tasks.map(
      (task: { task_id: string }) => task.task_id,
    ),
    [second],
  );
});
