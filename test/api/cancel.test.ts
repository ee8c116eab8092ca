import { Redis } from 'ioredis';
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { snapshot, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

const SUPERVISOR = 'supervisor-of-the-test';
const claimOne = { supervisor_id: SUPERVISOR, free: 1, lease_ms: LEASE_MS };

t.test('a pending task is cancelled and can never be claimed', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  const cancelled = await api.post(`/api/v1/tasks/${task_id}/cancel`);
  t.equal(cancelled.status, 200);
  t.match(cancelled.body, {
    success: true,
    code: 'TASK_CANCELLED',
    data: { task_id, status: 'cancelled', completed_at: String, position: null },
  });
  t.equal((await api.get(`/api/v1/tasks/${task_id}`)).body.data.status, 'cancelled');
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  t.same(await new Queue(connection, 'stock').claim(claimOne), []);
});

t.test('what runs, has ended or never was is not cancelled, and stays as it is', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  const [claimed] = await queue.claim(claimOne);

  let before = await snapshot(redis.url);
  const running = await api.post(`/api/v1/tasks/${task_id}/cancel`);
  t.equal(running.status, 409);
  t.match(running.body, { success: false, code: 'TASK_NOT_PENDING', message: /running.*stop/, data: null });
  t.same(await snapshot(redis.url), before, 'the running task is as before');

  const run = { task_id, supervisor_id: SUPERVISOR, fence: claimed?.fence as number };
  await queue.finish([{ ...run, outcome: { kind: 'completed', records_processed: 5 } }]);
  before = await snapshot(redis.url);
  const ended = await api.post(`/api/v1/tasks/${task_id}/cancel`);
  t.equal(ended.status, 409);
  t.match(ended.body, { code: 'TASK_NOT_PENDING', message: /ended already \(completed\)/ });
  const unknown = await api.post('/api/v1/tasks/no-such-task/cancel');
  t.equal(unknown.status, 404);
  t.match(unknown.body, { success: false, code: 'TASK_NOT_FOUND', data: null });
  t.same(await snapshot(redis.url), before, 'nothing changed');
});

t.test('a task that waits for its retry can be cancelled', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  const [claimed] = await queue.claim(claimOne);
  const run = { task_id, supervisor_id: SUPERVISOR, fence: claimed?.fence as number };
  const outcome = { kind: 'retry', delay_ms: 60_000, error_type: 'network', error_message: 'reset' } as const;
  await queue.finish([{ ...run, outcome }]);

  const waiting = (await api.get(`/api/v1/tasks/${task_id}`)).body.data;
  t.match(waiting, { status: 'pending', attempt: 1, next_run_at: /Z$/, last_error_type: 'network' });
  t.equal((await api.post(`/api/v1/tasks/${task_id}/cancel`)).body.data.status, 'cancelled');
});
