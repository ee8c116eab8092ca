import { Redis } from 'ioredis';
import t from 'tap';
import { Queue } from '../../src/queue/queue.ts';
import { snapshot, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

t.test('a manual retry: a new id, every parameter, the checks of a submission', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const body = {
    dataset: 'daily',
    mode: 'backfill',
    params: { dates: ['20190103', '20190104'] },
    priority: 'high',
    max_attempts: 2,
    timeout_seconds: 99,
  };
  const { task_id } = (await api.post('/api/v1/tasks', body)).body.data;
  const path = `/api/v1/tasks/${task_id}/retry`;
  t.match(await api.post(path), { status: 409, body: { code: 'TASK_NOT_RETRYABLE', message: /is pending/ } });
  await queue.cancel(task_id);

  const before = await snapshot(redis.url);
  const refused: [edits: object, status: number, code: string][] = [
    [{ params: { dates: ['20190230'] } }, 400, 'INVALID_PARAMS'],
    [{ params: { nonsense: 1 } }, 400, 'INVALID_PARAMS'],
    [{ dataset: 'stock_basic' }, 400, 'VALIDATION_FAILED'],
    [{ max_attempts: 0 }, 400, 'VALIDATION_FAILED'],
  ];
  for (const [edits, status, code] of refused)
    t.match(await api.post(path, edits), { status, body: { code } });
  t.match(await api.post('/api/v1/tasks/nobody/retry'), { status: 404, body: { code: 'TASK_NOT_FOUND' } });
  t.same(await snapshot(redis.url), before, 'nothing changed');

  const retried = await api.post(path);
  t.equal(retried.status, 202);
  t.match(retried.body, {
    code: 'TASK_RETRIED',
    data: { ...body, status: 'pending', retry_of: task_id, attempt: 0 },
  });
  const again = retried.body.data.task_id;
  t.not(again, task_id);
  t.match(await api.post(path), {
    status: 409,
    body: { code: 'TASK_NOT_RETRYABLE', message: RegExp(again) },
  });
  await queue.cancel(again);
  const edits = { params: { dates: ['2019-01-07'] }, priority: 'low', max_attempts: 1, timeout_seconds: 5 };
  const edited = await api.post(`/api/v1/tasks/${again}/retry`, edits);
  t.match(edited.body.data, { ...edits, params: { dates: ['20190107'] }, retry_of: again });
  t.match((await api.get(`/api/v1/tasks/${again}`)).body.data, { retried_as: edited.body.data.task_id });
});

t.test('a token that is gone by now is missed before anything is queued', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  await api.post(`/api/v1/tasks/${task_id}/cancel`);
  const later = await startApi(t, { REDIS_URL: redis.url, TUSHARE_TOKEN: '' });
  t.match(await later.post(`/api/v1/tasks/${task_id}/retry`), {
    status: 422,
    body: { code: 'TUSHARE_TOKEN_MISSING' },
  });
});
