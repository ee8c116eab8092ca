import { Redis } from 'ioredis';
import t from 'tap';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { snapshot, startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';

t.test('a running task is stopped; the answer comes before it has ended', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, {
    REDIS_URL: redis.url,
    API_OPERATE_TOKENS: 'op',
    API_READ_TOKENS: 'reader',
  });
  const operate = { authorization: 'Bearer op' };
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, operate)).body.data;
  const path = `/api/v1/tasks/${task_id}/stop`;

  const before = await snapshot(redis.url);
  const waiting = await api.post(path, undefined, operate);
  t.equal(waiting.status, 409);
  t.match(waiting.body, { success: false, code: 'TASK_NOT_RUNNING', message: /cancel/, data: null });
  t.equal((await api.post('/api/v1/tasks/nobody/stop', undefined, operate)).status, 404);
  const reader = await api.post(path, undefined, { authorization: 'Bearer reader' });
  t.match(reader.body, { code: 'FORBIDDEN' });
  t.same(await snapshot(redis.url), before, 'nothing changed');

  const [run] = await queue.claim({ supervisor_id: 's1', free: 1, lease_ms: LEASE_MS });
  const stopping = await api.post(path, undefined, operate);
  t.equal(stopping.status, 202);
  t.match(stopping.body, { code: 'TASK_STOPPING', data: { status: 'running', stop_requested_at: /Z$/ } });
  const ended = {
    task_id,
    supervisor_id: 's1',
    fence: run?.fence ?? 0,
    outcome: { kind: 'cancelled' },
  } as const;
  await queue.finish([ended]);
  const after = await api.post(path, undefined, operate);
  t.equal(after.status, 409);
  t.match(after.body, { code: 'TASK_NOT_RUNNING', message: /ended already \(cancelled\)/ });
  t.match((await api.get(`/api/v1/tasks/${task_id}`, operate)).body.data, { status: 'cancelled' });

  await redis.stop();
  t.match((await api.post(path, undefined, operate)).body, { code: 'QUEUE_UNAVAILABLE' });
});

t.test('dayline stop', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  await new Queue(connection, 'stock').claim({ supervisor_id: 's1', free: 1, lease_ms: LEASE_MS });
  const stopped = await dayline(t, ['stop', task_id], { DAYLINE_URL: api.url });
  t.match(stopped, { code: 0, stdout: `Stopping: stock_basic.full ${task_id}\n` });
  t.match((await api.get(`/api/v1/tasks/${task_id}`)).body.data, { stop_requested_at: /Z$/ });
});
