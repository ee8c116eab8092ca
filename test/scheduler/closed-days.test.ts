/** A run on a day when the exchange was closed says so; and what is old goes, but not what still says something. */
import t from 'tap';
import { calendarDaysLeft, closedDay } from '../../src/store/trade-calendar.ts';
import { freshRedis } from '../support/redis.ts';
import { eventually, fail, openScheduler } from './support/in-process.ts';
import { freshSchedules } from './support/schedules.ts';

const at = (text: string) => Date.parse(text);

t.test('which day is closed: by the calendar, else by the weekday; and how far it reaches', async (t) => {
  const { store } = await freshSchedules(t);
  await store.pool.query('DROP TABLE trade_cal CASCADE');
  const saturday = at('2026-11-21T10:00:00Z');
  t.equal(await closedDay(store, saturday), '20261121', 'no calendar: a Saturday');
  t.equal(await closedDay(store, at('2026-11-20T10:00:00Z')), null);
  t.equal(await calendarDaysLeft(store, saturday), null);
  await store.pool.query('CREATE TABLE trade_cal (exchange text, cal_date date, is_open bigint)');
  t.equal(await calendarDaysLeft(store, saturday), null, 'an empty one');
  await store.pool.query(
    `INSERT INTO trade_cal VALUES ('SSE', '2026-11-20', 0), ('SSE', '2026-11-21', 1), ('SZSE', '2027-01-01', 1)`,
  );
  t.equal(await closedDay(store, at('2026-11-19T16:00:00Z')), '20261120', 'midnight in Shanghai, and closed');
  t.equal(await closedDay(store, saturday), null, 'a Saturday that is open');
  t.equal(
    await calendarDaysLeft(store, at('2026-11-11T16:30:00Z')),
    9,
    'from the 12th in Shanghai to the 21st',
  );
  t.equal(await calendarDaysLeft(store, at('2026-12-24T00:00:00Z')), 0);
});

t.test('a job that skips closed days says so in the log and in its report', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const tradingDays = { closedDay: async () => '20261121', daysLeft: async () => null };
  const reportOf = async () => ({ rows: 0 });
  const more = { tradingDays, reportOf };
  const { scheduler, queue, log } = await openScheduler(t, server.url, schedules.config.DATABASE_URL, more);
  await scheduler.start(fail);
  const runOf = async (job_id: string) => {
    const params = { dataset: 'noop', mode: 'full', job_type: 'noop.full', params: {} } as const;
    const [task] = await queue.submit([{ ...params, priority: 1, max_attempts: 1, timeout_seconds: 60 }]);
    const task_id = task?.task_id ?? '';
    await schedules.firings.note(job_id, task_id, 'person');
    const [claimed] = await queue.claim({ supervisor_id: 'x', free: 1, lease_ms: 60_000 });
    const outcome = { kind: 'completed', records_processed: 0 } as const;
    await queue.finish([{ task_id, supervisor_id: 'x', fence: claimed?.fence ?? 0, outcome }]);
    return eventually(`the run of ${job_id}`, async () =>
      (await schedules.log.getRecentByJobId(job_id, 9)).find(({ status }) => status === 'SUCCESS'),
    );
  };
  t.strictSame((await runOf('other')).report, { rows: 0, closed_day: '20261121' });
  t.match(
    log.find(({ closed_day }) => closed_day),
    { job_id: 'other', msg: /closed that day/ },
  );
  t.strictSame((await runOf('ticks')).report, { rows: 0 }, 'a job that has work on every day does not');
});

t.test('old firings and runs go; the last moment and the last success of a job stay', async (t) => {
  const { firings, log, configs, store } = await freshSchedules(t);
  const timing = { cron_expression: '0 0 * * *', interval_minutes: null, timezone: 'UTC' };
  const { version } = await configs.upsert('ticks', 'ticks', { timing });
  const day = (n: number) => at('2026-01-01T00:00:00Z') + n * 86_400_000;
  await firings.decide({
    job_id: 'ticks',
    version,
    fire: [],
    missed: [day(1), day(2), day(3)],
    reason: 'old',
  });
  for (const [n, status] of (['SUCCESS', 'SUCCESS', 'FAILED'] as const).entries())
    await log.update({
      job_id: 'ticks',
      task_id: `run-${n}`,
      started_at: day(n),
      finished_at: day(n),
      status,
      error_message: null,
      report: null,
    });
  t.equal(await firings.prune(7, 100), 0, 'they ended just now');
  await store.pool.query(`UPDATE scheduler_firings SET ended_at = now() - interval '8 days'`);
  t.equal(await firings.prune(7, 1), 1, 'a few at a time');
  t.equal(await firings.prune(7, 100), 1);
  t.strictSame([...(await firings.decidedUntil())], [['ticks', day(3)]], 'how far the job is');
  t.equal(await log.prune(7, 100), 2);
  t.strictSame([...(await log.lastSuccesses())], [['ticks', day(1)]]);
});
