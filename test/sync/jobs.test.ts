/** The six jobs the whole way: triggered over REST, through Redis, in a supervisor, into Postgres (R59, R113–R117). */
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { startApi } from '../support/api.ts';
import { openTestQueue, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { bench, dailyBasic, type Request, type Row, smallMarket } from './support.ts';

const CODES = ['600000.SH', '600001.SH', '600002.SH'];

async function stack(t: Parameters<typeof bench>[0]) {
  const [here, redis] = await Promise.all([bench(t), freshRedis(t)]);
  // what is due by the clock would run beside what is triggered here
  await here.db.query('UPDATE scheduler_job_config SET enabled = false');
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: here.config.DATABASE_URL as string,
    TUSHARE_API_URL: here.tushareUrl,
    TUSHARE_TOKEN: 'token-of-the-tests',
    SYNC_CALLS_IN_FLIGHT: '1',
  };
  const [api, queue] = await Promise.all([startApi(t, env), openTestQueue(t, redis.url)]);
  const { open } = await smallMarket(here, 3);
  here.answers = (request) => answersOf(request, open);
  return { here, env, api, queue, open };
}

function answersOf(request: Request, open: string[]): Row[] {
  const { api_name, params } = request;
  const ts_code = String(params.ts_code);
  switch (api_name) {
    case 'stock_basic':
      if (params.list_status !== 'L') return [];
      return CODES.map((ts_code) => ({ ts_code, name: ts_code, list_status: 'L', list_date: '20000101' }));
    case 'disclosure_date':
      return [{ ts_code: '600001.SH', end_date: '20181231', actual_date: '20190118' }];
    case 'ths_index':
      return [{ ts_code: '885001.TI', name: 'x' }];
    case 'ths_member':
      return CODES.map((con_code) => ({ ts_code, con_code }));
    case 'fina_indicator':
    case 'income':
    case 'balancesheet':
    case 'cashflow':
      return [{ ts_code, end_date: params.period ?? '20180930', ann_date: '20181031', report_type: '1' }];
    default:
      return dailyBasic(CODES, open, request).map((row) => ({ ...row, adj_factor: 1.5 }));
  }
}

t.test(
  'each job through REST, queue and supervisor; web runs none of it',
  { timeout: 120_000 },
  async (t) => {
    const { here, env, api, queue } = await stack(t);
    const trigger = async (job_id: string, kwargs?: object) => {
      const answer = await api.post(`/api/v1/scheduler/jobs/${job_id}/trigger`, kwargs);
      t.match(
        answer,
        { status: 200, body: { success: true, code: 'JOB_TRIGGERED', data: 'triggered' } },
        job_id,
      );
      return answer.headers.get('x-task-id') as string;
    };
    const finance = await api.post('/api/v1/tasks', {
      dataset: 'finance',
      mode: 'incremental',
      params: { target_date: '20190118' },
    });
    t.match(finance.body.data, { task_id: String, status: 'pending', job_type: 'finance.incremental' });
    t.equal(here.requests.length, 0, 'nothing is asked for by web');
    t.match((await api.get('/api/v1/datasets/fina_indicator')).body.data, { name: 'fina_indicator' });
    await api.post(`/api/v1/tasks/${finance.body.data.task_id}/cancel`);

    await startSupervisor(t, { ...env, TZ: 'America/New_York' });
    const jobs: [string, object | undefined, object, string, Record<string, number>][] = [
      [
        'sync_stock_basic',
        undefined,
        { job_type: 'stock_basic.full', timeout_seconds: 1800 },
        'stock_basic.full',
        { stock_basic: 3 },
      ],
      [
        'sync_daily_history',
        { start_date: '20190107', end_date: '20190115' },
        { job_type: 'daily.history', timeout_seconds: 3600 },
        'DAILY_HISTORY',
        { daily: 21, adj_factor: 21, daily_basic: 21 },
      ],
      [
        'sync_daily_by_date',
        { target_date: '20190118' },
        { job_type: 'daily.incremental', timeout_seconds: 1800 },
        'DAILY_INCREMENTAL',
        { daily: 30, adj_factor: 30, daily_basic: 30 },
      ],
      [
        'sync_history_finance',
        { start_date: '20180101', end_date: '20181231' },
        { job_type: 'finance.history', timeout_seconds: 28_800 },
        'FINANCE_HISTORY',
        { fina_indicator: 3, income: 3, balancesheet: 3, cashflow: 3 },
      ],
      [
        'sync_incremental_finance',
        { target_date: '20190118' },
        { job_type: 'finance.incremental', timeout_seconds: 1800 },
        'FINANCE_INCREMENTAL',
        { fina_indicator: 6, income: 6, balancesheet: 6, cashflow: 6 },
      ],
      [
        'sync_concept_data',
        undefined,
        { job_type: 'concept.incremental', timeout_seconds: 1800 },
        'concept.incremental',
        { ths_index: 1, ths_member: 3 },
      ],
    ];
    for (const [job_id, kwargs, submitted, sync_job_type, rows] of jobs) {
      const task_id = await trigger(job_id, kwargs);
      const ended = await until(
        queue,
        task_id,
        ({ status }) => status === 'completed' || status === 'failed',
        30_000,
      );
      t.match(ended, { status: 'completed', ...submitted }, job_id);
      for (const [table, count] of Object.entries(rows))
        t.same(await here.rows(`SELECT count(*) AS n FROM ${table}`), [{ n: count }], `${job_id}: ${table}`);
      t.match(
        await here.rows(
          `SELECT status, updated_at >= started_at AS later FROM sync_tasks
         WHERE job_type = '${sync_job_type}' AND config->>'task_id' = '${task_id}' AND config->>'part' IS NULL`,
        ),
        [{ status: 'COMPLETED', later: true }],
      );
    }
  },
);

t.test(
  'a history that was stopped is submitted again at once, and goes on where it was',
  { timeout: 120_000 },
  async (t) => {
    const { here, env, api, queue, open } = await stack(t);
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    const answer = (request: Request) => dailyBasic(CODES, open, request);
    here.answers = async (request) => {
      if (here.requests.length === 5) {
        reached.resolve();
        await held.promise;
      }
      return answer(request);
    };
    t.teardown(() => held.resolve());
    await startSupervisor(t, { ...env, SYNC_DAILY_HISTORY_BATCH_SIZE: '1' });
    const body = {
      dataset: 'daily_basic',
      mode: 'history',
      params: { start_date: '20190107', end_date: '20190118' },
    };
    const submit = async () => (await api.post('/api/v1/tasks', body)).body.data.task_id as string;
    const stopped = await submit();
    await reached.promise;
    while ((await here.rows('SELECT 1 FROM coverage')).length < 4) await setTimeout(20);
    await api.post(`/api/v1/tasks/${stopped}/stop`);
    await until(queue, stopped, ({ status }) => status === 'cancelled');
    here.requests.length = 0;
    here.answers = answer;
    const again = await submit();
    const ended = await until(queue, again, ({ completed_at }) => completed_at !== null);
    t.match(ended, { status: 'completed', attempt: 1, records_processed: 30 });
    t.same(
      here.requests.map(({ params }) => params.trade_date),
      open.slice(4),
      'from the fifth day on, each once',
    );
    const expected = dailyBasic(CODES, open, {
      api_name: 'daily_basic',
      params: { start_date: '20190107', end_date: '20190118' },
      fields: '',
    });
    t.same(
      await here.rows(
        `SELECT ts_code, to_char(trade_date, 'YYYYMMDD') AS trade_date, close, total_mv FROM daily_basic ORDER BY 2, 1`,
      ),
      expected
        .map(({ ts_code, trade_date, close, total_mv }) => ({ ts_code, trade_date, close, total_mv }))
        .sort((a, b) => (`${a.trade_date}${a.ts_code}` < `${b.trade_date}${b.ts_code}` ? -1 : 1)),
      'what is stored is what was answered',
    );
    const open_rows = await here.rows(
      `SELECT status FROM sync_tasks WHERE config->>'task_id' = '${stopped}' AND status = 'RUNNING'`,
    );
    t.same(open_rows, [], 'no row says that the stopped one runs');
  },
);

t.test(
  'a second history is refused while one runs; SIGTERM pauses it, and it goes on at the exact unit',
  { timeout: 120_000 },
  async (t) => {
    const { here, env, api, queue, open } = await stack(t);
    const held = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    here.answers = async (request) => {
      if (here.requests.length === 5) {
        reached.resolve();
        await held.promise;
      }
      return answersOf(request, open);
    };
    t.teardown(() => held.resolve());
    const supervisor = await startSupervisor(t, { ...env, TZ: 'America/New_York' });
    const body = {
      dataset: 'daily_basic',
      mode: 'history',
      params: { start_date: '20190107', end_date: '20190118' },
    };
    const { task_id } = (await api.post('/api/v1/tasks', body)).body.data;
    await reached.promise;
    for (const params of [body.params, { start_date: '20190107', end_date: '20190110' }])
      t.match(await api.post('/api/v1/tasks', { ...body, params }), {
        status: 409,
        body: { success: false, code: 'ALREADY_RUNNING', message: new RegExp(`as task ${task_id}`) },
      });
    t.equal((await queue.depth()).pending, 0, 'nothing was queued');
    await supervisor.stop();
    t.match(await here.rows('SELECT status, current_offset FROM sync_tasks'), [
      { status: 'PAUSED', current_offset: 4 },
    ]);
    held.resolve();
    here.requests.length = 0;
    here.answers = (request) => answersOf(request, open);
    await startSupervisor(t, { ...env, TZ: 'Asia/Shanghai' });
    const ended = await until(
      queue,
      task_id,
      ({ status }) => status === 'completed' || status === 'failed',
      30_000,
    );
    t.match(ended, { status: 'completed', attempt: 1, records_processed: 30 });
    t.same(
      here.requests.map(({ params }) => params.trade_date),
      open.slice(4),
      'from the fifth day on, each once',
    );
    t.match(await here.rows('SELECT status, current_offset FROM sync_tasks'), [
      { status: 'COMPLETED', current_offset: 10 },
    ]);
  },
);
