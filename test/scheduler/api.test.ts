/** The REST contract of the scheduler, path by path and field by field (R74–R77, R117). */
import t from 'tap';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { LeaderSign } from '../../src/scheduler/leader-sign.ts';
import { type Api, startApi } from '../support/api.ts';
import { openTestQueue } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import type { Torn } from '../support/torn.ts';
import { freshSchedules } from './support/schedules.ts';

const JOBS = [
  'sync_daily_history',
  'sync_daily_by_date',
  'sync_history_finance',
  'sync_incremental_finance',
  'sync_concept_data',
  'sync_stock_basic',
];
const SHANGHAI = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00$/;

async function open(t: Torn) {
  const [schedules, redis] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const api = await startApi(t, { REDIS_URL: redis.url, DATABASE_URL: schedules.config.DATABASE_URL });
  const call = (job_id: string, what: string, body?: unknown) =>
    api.post(`/api/v1/scheduler/jobs/${job_id}/${what}`, body);
  return { ...schedules, redis, api, call };
}

const statusOf = async (api: Api) => (await api.get('/api/v1/scheduler/status')).body.data;

t.test('status: the jobs that are scheduled, those that could be, and whether somebody leads', async (t) => {
  const { api, redis, configs } = await open(t);
  const answer = await api.get('/api/v1/scheduler/status');
  t.equal(answer.status, 200);
  t.match(answer.body, { success: true, code: 'SCHEDULER_STATUS', message: '获取状态成功' });
  const { data } = answer.body;
  t.strictSame(Object.keys(data).sort(), ['available_jobs', 'is_running', 'jobs']);
  t.strictSame(data.available_jobs, JOBS);
  t.equal(data.is_running, false);
  t.equal(data.jobs.length, 4);
  const daily = data.jobs.find((job: { id: string }) => job.id === 'sync_daily_by_date');
  t.strictSame(Object.keys(daily).sort(), ['id', 'kwargs', 'name', 'next_run_time', 'trigger']);
  t.match(daily, { name: '日线增量同步', trigger: 'cron[0 18 * * *]', kwargs: {}, next_run_time: SHANGHAI });
  t.match(daily.next_run_time, /T18:00:00\.000/);
  t.ok(Date.parse(daily.next_run_time) > Date.now());

  const connection = openRedis(redis.url, { name: 'test' });
  t.teardown(() => connection.disconnect());
  await untilReady(connection, 5_000);
  await new LeaderSign(connection, 'stock').show('sup-1');
  await configs.disable('sync_daily_by_date');
  t.match(await statusOf(api), { is_running: true, jobs: { length: 3 } });
});

t.test('start, schedule and stop are stored, and answer as they always did (R74–R76)', async (t) => {
  const { configs, api, call } = await open(t);
  const started = await call('sync_stock_basic', 'start', { interval_minutes: 90 });
  t.equal(started.status, 200);
  t.strictSame(started.body, {
    success: true,
    code: 'JOB_STARTED',
    message: "已启动任务 'sync_stock_basic'，每 90 分钟执行一次",
    data: 'started',
  });
  t.match(await configs.getByJobId('sync_stock_basic'), {
    interval_minutes: 90,
    cron_expression: '',
    enabled: true,
    job_name: '股票基础信息同步',
    timezone: 'Asia/Shanghai',
  });
  t.match(
    (await statusOf(api)).jobs.find((job: { id: string }) => job.id === 'sync_stock_basic'),
    {
      trigger: 'interval[1:30:00]',
    },
  );

  await configs.upsert('sync_stock_basic', '', { job_name: 'mine', job_kwargs: { list_status: 'L' } });
  const scheduled = await call('sync_stock_basic', 'schedule', { hour: 20, minute: 0 });
  t.strictSame(scheduled.body, {
    success: true,
    code: 'JOB_SCHEDULED',
    message: "已调度任务 'sync_stock_basic'，每天 20:00 执行",
    data: 'scheduled',
  });
  t.match(await configs.getByJobId('sync_stock_basic'), {
    cron_expression: '0 20 * * *',
    interval_minutes: null,
    enabled: true,
    job_name: 'mine',
    job_kwargs: { list_status: 'L' },
  });

  const history = await call('sync_daily_history', 'schedule', { hour: 3, minute: 5 });
  t.match(history.body.message, /每天 03:05 执行/, 'one that had no schedule gets one');
  t.match(await configs.getByJobId('sync_daily_history'), {
    cron_expression: '5 3 * * *',
    job_name: '日线历史同步',
  });

  const stopped = await call('sync_stock_basic', 'stop');
  t.match(stopped, { status: 200, body: { success: true, code: 'JOB_STOPPED', data: 'stopped' } });
  t.equal((await configs.getByJobId('sync_stock_basic'))?.enabled, false);
  const again = await call('sync_stock_basic', 'stop');
  t.match(again, {
    status: 200,
    body: { code: 'JOB_STOPPED', data: 'stopped', message: "任务 'sync_stock_basic' 未运行" },
  });
  t.match(await call('sync_history_finance', 'stop'), { status: 200, body: { message: /未运行/ } });
});

t.test(
  'an unknown job is 404 and lists those there are; bad values are 400 and change nothing',
  async (t) => {
    const { configs, api, call, redis } = await open(t);
    const before = await configs.getAll();
    for (const [what, body] of [
      ['start', { interval_minutes: 5 }],
      ['schedule', { hour: 1, minute: 1 }],
      ['trigger', undefined],
      ['stop', undefined],
    ] as const) {
      const answer = await call('sync_nothing', what, body);
      t.match(answer, { status: 404, body: { success: false, code: 'NOT_FOUND', data: null } }, what);
      for (const job of JOBS) t.ok(answer.body.message.includes(job), `${what} names ${job}`);
    }
    for (const [what, body] of [
      ['start', { interval_minutes: 0 }],
      ['start', { interval_minutes: 1.5 }],
      ['start', { interval_minutes: '5 m' }],
      ['start', { interval_minutes: 9_000_000 }],
      ['start', {}],
      ['schedule', { hour: 24, minute: 0 }],
      ['schedule', { hour: 3, minute: 60 }],
      ['schedule', { hour: -1, minute: 0 }],
      ['schedule', { hour: 3 }],
      ['trigger', [1]],
      ['trigger', { target_date: '20260231' }],
    ] as const) {
      const answer = await call('sync_daily_by_date', what, body);
      t.match(answer, { status: 400, body: { success: false, data: null } }, JSON.stringify(body));
    }
    t.strictSame(await configs.getAll(), before);
    t.equal((await (await openTestQueue(t, redis.url)).list()).total, 0, 'and nothing was submitted');
    t.match(await api.get('/api/v1/scheduler/executions?limit=101'), { status: 400 });
    t.match(await api.get('/api/v1/scheduler/executions?limit=0'), { status: 400 });
  },
);

t.test('trigger only enqueues: the task of the job, with its kwargs, by an id in a header', async (t) => {
  const { configs, call, redis, firings, log } = await open(t);
  const queue = await openTestQueue(t, redis.url);
  await configs.upsert('sync_daily_by_date', '', { job_kwargs: { also: ['adj_factor'] } });
  const answer = await call('sync_daily_by_date', 'trigger', { target_date: '20260213' });
  t.equal(answer.status, 200);
  t.strictSame(
    [answer.body.code, answer.body.data, answer.body.success],
    ['JOB_TRIGGERED', 'triggered', true],
  );
  const task_id = answer.headers.get('x-task-id') ?? '';
  t.match(await queue.get(task_id), {
    job_type: 'daily.incremental',
    status: 'pending',
    params: { target_date: '20260213', also: ['adj_factor'] },
  });
  t.match(await firings.enqueued(), [{ job_id: 'sync_daily_by_date', task_id }], 'its run will be followed');

  const history = await call('sync_daily_history', 'trigger');
  t.equal(history.status, 200, 'one that was never scheduled');
  t.match(await queue.get(history.headers.get('x-task-id') ?? ''), { job_type: 'daily.history' });
  for (const job_id of JOBS) t.equal((await call(job_id, 'trigger')).status, 200, job_id);
  const followed = new Set((await firings.enqueued()).map(({ job_id }) => job_id));
  t.strictSame([...followed].sort(), JOBS.toSorted(), 'every job is followed (R78)');
  t.strictSame(await log.getRecent(10), [], 'nothing has run');

  await redis.stop();
  const away = await call('sync_stock_basic', 'trigger');
  t.match(away, { status: 503, body: { code: 'QUEUE_UNAVAILABLE' } });
  t.match(await log.getRecent(10), [
    { job_id: 'sync_stock_basic', status: 'FAILED', error_message: /^QUEUE_UNAVAILABLE: / },
  ]);
  t.match(
    (await call('sync_stock_basic', 'schedule', { hour: 1, minute: 2 })).status,
    200,
    'schedules need no Redis',
  );
});

t.test('executions: newest first, by job, 20 unless said otherwise; reports beside them (R77)', async (t) => {
  const { api, log } = await open(t);
  const empty = await api.get('/api/v1/scheduler/executions');
  t.strictSame(empty.body, {
    success: true,
    code: 'EXECUTIONS_RETRIEVED',
    message: '查询到 0 条执行记录',
    data: [],
  });
  const at = Date.parse('2026-02-13T10:00:00Z');
  for (let n = 0; n < 25; n++)
    await log.update({
      job_id: n % 5 ? 'sync_daily_by_date' : 'sync_stock_basic',
      task_id: `task-${n}`,
      started_at: at + n * 1000,
      finished_at: at + n * 1000 + 250,
      status: n % 2 ? 'SUCCESS' : 'FAILED',
      error_message: n % 2 ? null : 'network: no answer',
      report: { rows: n },
    });
  await log.create({ job_id: 'sync_concept_data', task_id: 'now', started_at: at + 60_000 });
  const page = await api.get('/api/v1/scheduler/executions');
  t.equal(page.body.data.length, 20);
  t.equal(page.body.message, '查询到 20 条执行记录');
  t.strictSame(page.body.data.slice(0, 2), [
    {
      job_id: 'sync_concept_data',
      started_at: '2026-02-13T18:01:00.000+08:00',
      finished_at: null,
      status: 'RUNNING',
      error_message: null,
      duration_ms: null,
    },
    {
      job_id: 'sync_daily_by_date',
      started_at: '2026-02-13T18:00:24.000+08:00',
      finished_at: '2026-02-13T18:00:24.250+08:00',
      status: 'FAILED',
      error_message: 'network: no answer',
      duration_ms: 250,
    },
  ]);
  const basic = await api.get('/api/v1/scheduler/executions?job_id=sync_stock_basic&limit=3');
  t.strictSame(
    basic.body.data.map((row: { started_at: string }) => row.started_at.slice(17, 19)),
    ['20', '15', '10'],
  );
  t.strictSame((await api.get('/api/v1/scheduler/executions?job_id=nobody')).body.data, []);
  const reports = await api.get('/api/v1/scheduler/reports?job_id=sync_stock_basic&limit=1');
  t.match(reports.body.data, [{ task_id: 'task-20', report: { rows: 20 }, duration_ms: 250 }]);
});

t.test('a page about schedules: the next five runs, what is broken, and edits', async (t) => {
  const { api, configs, store } = await open(t);
  const put = (job_id: string, body: unknown) => api.put(`/api/v1/scheduler/jobs/${job_id}`, body);
  const edited = await put('sync_daily_by_date', {
    cron_expression: '30 9 * * 1-5',
    timezone: 'America/New_York',
  });
  t.match(edited, { status: 200, body: { code: 'JOB_UPDATED', data: { trigger: 'cron[30 9 * * 1-5]' } } });
  t.equal(edited.body.data.next_runs.length, 5);
  for (const run of edited.body.data.next_runs) {
    const there = new Intl.DateTimeFormat('en-US', {
      timeZone: 'America/New_York',
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }).format(Date.parse(run));
    t.match(there, /^(Mon|Tue|Wed|Thu|Fri) 09:30$/, run);
  }
  const kwargs = { also: ['adj_factor'] };
  t.match(await put('sync_daily_by_date', { kwargs, enabled: false, job_name: 'US' }), {
    body: {
      data: { kwargs, enabled: false, job_name: 'US', next_runs: [], cron_expression: '30 9 * * 1-5' },
    },
  });
  t.match(await put('sync_daily_history', { interval_minutes: 1440 }), {
    body: { data: { interval_minutes: 1440, cron_expression: null, enabled: true } },
  });
  const before = await configs.getAll();
  for (const [body, message] of [
    [{ cron_expression: '61 * * * *' }, /61/],
    [{ cron_expression: '* * * *' }, /five, six/],
    [{ cron_expression: '0 0 31 2 *' }, /never due/],
    [{ timezone: 'Mars/Phobos' }, /Mars/],
    [{ cron_expression: '0 1 * * *', interval_minutes: 5 }, /not both/],
    [{ kwargs: { also: 'everything' } }, /also/],
    [{ hour: 3 }, /hour is not known/],
  ] as const)
    t.match(await put('sync_stock_basic', body), { status: 400, body: { message, data: null } });
  t.match(await put('sync_history_finance', { enabled: true }), {
    status: 400,
    body: { message: /no schedule/ },
  });
  t.match(await put('nobody', { enabled: true }), { status: 404 });
  t.strictSame(await configs.getAll(), before, 'what is refused changes nothing');

  await store.pool.query(
    `UPDATE scheduler_job_config SET cron_expression = 'soon' WHERE job_id = 'sync_concept_data'`,
  );
  const { jobs } = (await api.get('/api/v1/scheduler/jobs')).body.data;
  t.strictSame(
    jobs.map((job: { job_id: string }) => job.job_id),
    JOBS,
  );
  t.match(jobs[4], { job_id: 'sync_concept_data', enabled: true, next_runs: [], fault: /soon/ });
  t.match(jobs[3], { fault: null, next_runs: { length: 5 } });
});

t.test('without Postgres: 503 with a code of its own; a trigger still enqueues (D6)', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, {
    REDIS_URL: redis.url,
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
  });
  t.match(await api.get('/api/v1/scheduler/status'), {
    status: 503,
    body: { success: false, code: 'SCHEDULES_UNAVAILABLE', data: null },
  });
  t.match(await api.post('/api/v1/scheduler/jobs/sync_stock_basic/stop'), { status: 503 });
  const triggered = await api.post('/api/v1/scheduler/jobs/sync_stock_basic/trigger');
  t.equal(triggered.status, 200);
  const queue = await openTestQueue(t, redis.url);
  t.match(await queue.get(triggered.headers.get('x-task-id') ?? ''), { job_type: 'stock_basic.full' });
});
