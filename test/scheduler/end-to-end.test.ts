/** The whole way: API, Postgres, supervisor process, queue, thread, TuShare server, and back into the log (R78, R79). */
import t from 'tap';
import { startApi } from '../support/api.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { eventually } from './support/in-process.ts';

/** A real sync of the stock list takes seconds on a busy machine. */
const OFTEN = { cron_expression: '*/4 * * * * *', enabled: true };

t.test(
  'jobs run for real: the stock list, a day of bars; after a kill -9 the schedule is live again',
  async (t) => {
    const stack = await startStack(t, { DATASETS_PATH: '' });
    const api = await startApi(t, stack.env);
    const first = await startSupervisor(t, stack.env);
    const job = (job_id: string, what: string, body?: unknown) =>
      api.post(`/api/v1/scheduler/jobs/${job_id}/${what}`, body);
    const reports = async (job_id: string) =>
      (await api.get(`/api/v1/scheduler/reports?job_id=${job_id}`)).body.data as {
        status: string;
        error_message: string | null;
        task_id: string;
        // biome-ignore lint/suspicious/noExplicitAny: a report's fields are what is tested
        report: any;
      }[];
    const ended = (job_id: string, task_id?: string | null) =>
      eventually(`the end of ${job_id}`, async () =>
        (await reports(job_id)).find(
          (run) => run.status !== 'RUNNING' && (!task_id || run.task_id === task_id),
        ),
      );

    const basic = await job('sync_stock_basic', 'trigger');
    const run = await ended('sync_stock_basic', basic.headers.get('x-task-id'));
    t.match(run, { status: 'SUCCESS', error_message: null });
    const { rows } = await stack.database.query('SELECT count(*)::int AS n FROM stock_basic');
    t.ok(rows[0].n > 5_000);
    t.match(run.report, {
      datasets: [{ dataset: 'stock_basic', rows: rows[0].n, missing: 0, failed: 0 }],
      rows: rows[0].n,
      gaps_left: 0,
      failures: {},
      duration_ms: Number,
    });
    t.equal(run.report.calls, (await stack.simulator.log()).length, 'the calls that reached TuShare');

    await api.post('/api/v1/tasks', { dataset: 'trade_cal' });
    await eventually('the calendar', async () => {
      const { tasks } = (await api.get('/api/v1/tasks?status=completed')).body.data;
      return tasks.some(({ dataset }: { dataset: string }) => dataset === 'trade_cal');
    });
    const bars = await job('sync_daily_by_date', 'trigger', { target_date: '20261120' });
    const task_id = bars.headers.get('x-task-id') ?? '';
    const daily = await ended('sync_daily_by_date', task_id);
    t.match(daily, { status: 'SUCCESS' });
    t.same(
      daily.report.datasets.map(({ dataset }: { dataset: string }) => dataset).sort(),
      ['adj_factor', 'daily', 'daily_basic'],
      'all three of the job',
    );
    const ofDaily = daily.report.datasets.find(({ dataset }: { dataset: string }) => dataset === 'daily');
    t.match(ofDaily, { partitions: 1, missing: 0, partial: 0 });
    t.ok(ofDaily.rows > 4_000 && daily.report.calls >= 1, 'a day of bars');

    t.equal((await api.put('/api/v1/scheduler/jobs/sync_stock_basic', OFTEN)).status, 200);
    const scheduled = () =>
      stack.database
        .query(
          `SELECT count(*)::int AS n FROM scheduler_firings WHERE source = 'schedule' AND state = 'enqueued'`,
        )
        .then(({ rows: [row] }) => row.n as number);
    await eventually('it fires by itself', async () => (await scheduled()) >= 2);
    await first.kill();
    const before = await scheduled();
    await startSupervisor(t, stack.env);
    await eventually('a new supervisor goes on', async () => (await scheduled()) > before);
    t.match(await job('sync_stock_basic', 'stop'), { status: 200 });
    const settled = await eventually('the end of all of them', async () => {
      const { rows: open } = await stack.database.query(
        'SELECT 1 FROM scheduler_firings WHERE ended_at IS NULL LIMIT 1',
      );
      return open.length === 0 && reports('sync_stock_basic');
    });
    t.ok(
      settled.every(({ status }) => status === 'SUCCESS'),
      JSON.stringify(settled.find((one) => one.status !== 'SUCCESS')),
    );
    const { jobs } = (await api.get('/api/v1/scheduler/jobs')).body.data;
    t.match(jobs.at(-1), { job_id: 'sync_stock_basic', days_since_success: null, enabled: false });
  },
);
