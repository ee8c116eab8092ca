import { writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { type Api, startApi } from '../support/api.ts';
import { freshFolder } from '../support/folder.ts';
import { freshRedis } from '../support/redis.ts';

t.test('a submission is answered at once with its id and is pending', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const params = { start_date: '2019-01-02', end_date: '20191231' };
  const submitted = await api.post('/api/v1/tasks', { dataset: 'daily', params });

  t.equal(submitted.status, 202);
  t.match(submitted.body, {
    success: true,
    code: 'TASK_SUBMITTED',
    message: String,
    data: {
      task_id: /^[0-9A-Za-z]{16}$/,
      dataset: 'daily',
      mode: 'history',
      job_type: 'daily.history',
      params: { start_date: '20190102', end_date: '20191231' },
      status: 'pending',
      priority: 'low',
      max_attempts: 4,
      timeout_seconds: 3600,
    },
  });

  const { task_id } = submitted.body.data;
  const asked = await api.get(`/api/v1/tasks/${task_id}`);
  t.equal(asked.status, 200);
  t.match(asked.body, {
    success: true,
    code: 'TASK_RETRIEVED',
    data: {
      task_id,
      status: 'pending',
      priority: 'low',
      position: 0,
      attempt: 0,
      progress: 0,
      records_processed: 0,
      created_at: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
      started_at: null,
      completed_at: null,
      next_run_at: null,
      last_error_type: null,
    },
  });
  t.ok(Math.abs(Date.parse(asked.body.data.created_at) - Date.now()) < 60_000, 'created_at is now');
});

t.test('what a submission leaves out is filled in, what it says is kept', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, TUSHARE_MAX_RETRIES: '1' });
  const plain = await api.post('/api/v1/tasks', { dataset: 'stock_basic' });
  t.match(plain.body.data, { mode: 'full', priority: 'normal', max_attempts: 2, timeout_seconds: 1800 });
  const asked = await api.post('/api/v1/tasks', {
    dataset: 'stock_basic',
    priority: 'high',
    max_attempts: 7,
    timeout_seconds: 42,
  });
  t.match(asked.body.data, { priority: 'high', max_attempts: 7, timeout_seconds: 42 });
  const { task_id } = asked.body.data;
  const stored = (await api.get(`/api/v1/tasks/${task_id}`)).body.data;
  t.match(stored, { priority: 'high', max_attempts: 7, timeout_seconds: 42, position: 0 });
  const behind = (await api.get(`/api/v1/tasks/${plain.body.data.task_id}`)).body.data;
  t.equal(behind.position, 1, 'high priority goes first');
});

t.test(
  'attempts: those of the request, else of the dataset, else TUSHARE_MAX_RETRIES + 1 (R45)',
  async (t) => {
    const redis = await freshRedis(t);
    const DATASETS_PATH = freshFolder(t, 'datasets');
    const declare = (name: string, more: object) => {
      const dataset = {
        name,
        title: { zh: name, en: name },
        modes: ['full'],
        runner: 'file:///never-run.ts',
        ...more,
      };
      writeFileSync(
        path.join(DATASETS_PATH, `${name}.dataset.ts`),
        `export default ${JSON.stringify(dataset)};`,
      );
    };
    declare('patient', { max_attempts: 9 });
    declare('plain', {});
    const max_attempts_of = async (api: Api, body: object) => {
      const { task_id, max_attempts } = (await api.post('/api/v1/tasks', body)).body.data;
      t.equal((await api.get(`/api/v1/tasks/${task_id}`)).body.data.max_attempts, max_attempts, 'as stored');
      return max_attempts;
    };
    const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH, TUSHARE_MAX_RETRIES: '5' });
    t.equal(await max_attempts_of(api, { dataset: 'plain' }), 6);
    t.equal(await max_attempts_of(api, { dataset: 'patient' }), 9);
    t.equal(await max_attempts_of(api, { dataset: 'patient', max_attempts: 2 }), 2);
    const group = await api.post('/api/v1/executions', { datasets: ['plain', 'patient'] });
    t.match(group.body.data.tasks, [{ max_attempts: 6 }, { max_attempts: 9 }], 'in executions too');
    const byDefault = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH });
    t.equal(await max_attempts_of(byDefault, { dataset: 'plain' }), 4, '3 retries, as S3 has it');
  },
);

t.test('the list shows the newest first, by status and type, in pages', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const ids: string[] = [];
  for (const dataset of ['stock_basic', 'trade_cal', 'stock_basic']) {
    ids.unshift((await api.post('/api/v1/tasks', { dataset })).body.data.task_id);
  }
  const idsOf = async (query: string) =>
    (await api.get(`/api/v1/tasks${query}`)).body.data.tasks.map((task: { task_id: string }) => task.task_id);
  t.same(await idsOf(''), ids);
  t.same(await idsOf('?limit=1&offset=1'), [ids[1]]);
  t.same(await idsOf('?job_type=trade_cal.full'), [ids[1]]);
  t.same(await idsOf('?status=pending'), ids);
  t.same(await idsOf('?status=running'), []);
  t.equal((await api.get('/api/v1/tasks?limit=1')).body.data.total, 3);
});

t.test('the 95th percentile of 50 submissions stays below 200 ms (R2)', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const times: number[] = [];
  for (let i = 0; i < 50; i++) {
    const { status, ms } = await api.post('/api/v1/tasks', { dataset: 'stock_basic' });
    t.equal(status, 202);
    times.push(ms);
  }
  times.sort((a, b) => a - b);
  const p95 = times[Math.ceil(times.length * 0.95) - 1] as number;
  t.comment(`50 submissions: median ${times[24]?.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`);
  t.ok(p95 < 200);
});
