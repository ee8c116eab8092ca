/** The finance jobs: what they ask for and in which order, and what becomes of a stock that fails (R106–R108, R115, R116). */
import t from 'tap';
import { TaskError } from '../../src/errors.ts';
import type { ClaimedTask } from '../../src/queue/task.ts';
import type { RunContext } from '../../src/sync/context.ts';
import { runFinance } from '../../src/sync/finance.ts';
import { reportPeriod } from '../../src/sync/report-period.ts';
import { bench, type Request, type Row } from './support.ts';

const here = await bench(t, {
  SYNC_CALLS_IN_FLIGHT: '1',
  SYNC_INCREMENTAL_MISSING_LIMIT: '3',
  SYNC_FAILURE_MAX_RETRIES: '2',
  SYNC_FINANCE_HISTORY_START_DATE: '20240101',
});
const PERIOD = '20260630';

/** Six stocks; which of them have a report, on which day it came out, and which calls are answered with nonsense. */
async function market(disclosed: Record<string, string> = {}, broken: string[] = []) {
  await here.clear();
  await here.put(
    'stock_basic',
    [0, 1, 2, 3, 4, 5].map((n) => ({
      ts_code: `60000${n}.SH`,
      name: 'x',
      list_status: 'L',
      list_date: '20000101',
    })),
  );
  const market = { disclosed, broken };
  here.answers = ({ api_name, params }: Request): Row[] => {
    if (api_name === 'disclosure_date')
      return Object.entries(market.disclosed).map(([ts_code, actual_date]) => ({
        ts_code,
        end_date: PERIOD,
        actual_date,
      }));
    const ts_code = String(params.ts_code);
    const end_date =
      params.period ??
      (params.end_date === '20221231' ? '20221231' : `${params.start_date?.slice(0, 4)}1231`);
    if (market.broken.includes(`${api_name} ${ts_code}`)) return [{ ts_code, end_date: 'soon' }];
    if (params.period && !(ts_code in market.disclosed)) return [];
    return [{ ts_code, end_date, ann_date: '20260901', report_type: '1', update_flag: '0', eps: 1 }];
  };
  return market;
}

let number = 0;
function run(task: Partial<ClaimedTask>, given: Partial<RunContext> = {}) {
  here.requests.length = 0;
  const mode = task.mode ?? 'incremental';
  const ids = { task_id: `finance ${++number}`, fence: number, job_type: `finance.${mode}` };
  return here.run({ dataset: 'finance', mode, ...ids, ...task }, given, runFinance);
}
const nightly = (target_date: string, given?: Partial<RunContext>) => run({ params: { target_date } }, given);

/** `<api> <code>` of the calls for stocks, in order. */
const asked = () =>
  here.requests
    .filter(({ api_name }) => api_name !== 'disclosure_date')
    .map(({ api_name, params }) => `${api_name} ${params.ts_code}`);
const ofIndicators = () =>
  asked()
    .filter((call) => call.startsWith('fina_indicator'))
    .map((call) => call.slice(-9));

const records = () =>
  here.rows(`SELECT job_type, third_code, retry_count, max_retries, resolved_at IS NOT NULL AS resolved,
    last_attempt_at > now() - interval '1 minute' AS just_now FROM sync_failure_records ORDER BY third_code`);
/** The last run that went well ended at this time. */
const lastSuccess = (at: string) =>
  here.db.query(`UPDATE sync_tasks SET completed_at = '${at}' WHERE status = 'COMPLETED'`);

t.test('the period by month of the year', async (t) => {
  const periods = Array.from({ length: 12 }, (_, month) =>
    reportPeriod(`2026${String(month + 1).padStart(2, '0')}15`),
  );
  t.same(periods, [
    ...Array(4).fill('20251231'),
    ...Array(4).fill('20260331'),
    ...Array(2).fill('20260630'),
    ...Array(2).fill('20260930'),
  ]);
  t.equal(reportPeriod('20260430'), '20251231');
  t.equal(reportPeriod('20260501'), '20260331');
});

t.test(
  'stocks that disclosed today first, then those that lack the period, as many as the setting says',
  async (t) => {
    await market({ '600004.SH': '20260914', '600005.SH': '20260913' });
    const allDoneAfter = new Set<number>();
    const progress = (share: number) => share === 1 && allDoneAfter.add(here.requests.length);
    t.match(await nightly('20260914', { progress }), { kind: 'completed', records_processed: 4 });
    t.same([...allDoneAfter], [17], 'not with the disclosure dates');
    t.same(
      here.requests[0]?.params,
      { end_date: PERIOD },
      'the disclosure dates of the period, before all others',
    );
    t.same(ofIndicators(), ['600004.SH', '600000.SH', '600001.SH', '600002.SH']);
    t.equal(asked().length, 16, 'four datasets each');
    t.ok(here.requests.slice(1).every(({ params }) => params.period === PERIOD));
    t.match(await here.rows(`SELECT job_type, status FROM sync_tasks WHERE config->>'part' IS NULL`), [
      { job_type: 'FINANCE_INCREMENTAL', status: 'COMPLETED' },
    ]);
    t.same(await here.rows('SELECT ts_code FROM income'), [{ ts_code: '600004.SH' }]);
  },
);

t.test(
  'disclosures since the last run that went well, however long ago; nothing is asked twice for one',
  async (t) => {
    const { disclosed } = await market({ '600004.SH': '20260912' });
    await nightly('20260912');
    disclosed['600003.SH'] = '20260914';
    disclosed['600005.SH'] = '20260916';
    await here.db.query(`UPDATE sync_tasks SET status = 'FAILED' WHERE job_type = 'disclosure_date.full'`);
    await lastSuccess('2026-09-11T17:00:00Z'); // the 12th in Shanghai
    await nightly('20260916');
    t.same(ofIndicators(), ['600003.SH', '600005.SH'], 'the 12th was asked for after it came out');
  },
);

t.test('a stock that was asked for in vain is left alone for three days', async (t) => {
  await market();
  await nightly('20260914');
  t.same(ofIndicators(), ['600000.SH', '600001.SH', '600002.SH']);
  await nightly('20260915');
  t.same(ofIndicators(), ['600003.SH', '600004.SH', '600005.SH'], 'those never asked for');
  await nightly('20260916');
  t.same(ofIndicators(), []);
  await here.db.query(
    `UPDATE coverage SET fetched_at = now() - interval '73 hours' WHERE partition LIKE '%600001.SH/%'`,
  );
  await nightly('20260917');
  t.same(ofIndicators(), ['600001.SH']);
});

t.test('a failed stock is retried before all others, and resolved when it comes', async (t) => {
  const state = await market({ '600001.SH': '20260914' }, ['income 600001.SH']);
  t.match(await nightly('20260914'), { kind: 'completed' }, 'it holds up no other');
  t.match(await records(), [
    {
      job_type: 'FINANCE_INCREMENTAL',
      third_code: '600001.SH',
      retry_count: 0,
      max_retries: 2,
      resolved: false,
    },
  ]);
  t.equal((await here.rows(`SELECT 1 FROM coverage WHERE dataset = 'cashflow'`)).length, 4);
  state.broken = [];
  state.disclosed['600005.SH'] = '20260915';
  await here.db.query(`UPDATE sync_failure_records SET last_attempt_at = now() - interval '1 day'`);
  await lastSuccess('2026-09-14T16:05:00Z');
  await nightly('20260915');
  t.equal(asked()[0], 'income 600001.SH', 'first of all, and only what failed of it');
  t.notOk(asked().includes('fina_indicator 600001.SH'));
  t.equal(ofIndicators()[0], '600005.SH', 'then the disclosures');
  t.match(await records(), [{ retry_count: 0, resolved: true, just_now: true }]);
});

t.test(
  'a stock that fails again is counted; at the maximum it is kept, and not asked for again',
  async (t) => {
    const state = await market({ '600001.SH': '20260914' }, ['fina_indicator 600001.SH', 'income 600001.SH']);
    await nightly('20260914');
    await here.db.query(`UPDATE sync_failure_records SET last_attempt_at = now() - interval '1 day'`);
    await nightly('20260914');
    t.match(await records(), [{ third_code: '600001.SH', retry_count: 1, resolved: false, just_now: true }]);
    await nightly('20260914');
    t.match(await records(), [{ retry_count: 2 }]);
    await here.db.query(`UPDATE coverage SET fetched_at = '2026-09-13'`);
    await nightly('20260914');
    t.notOk(asked().some((call) => call === 'fina_indicator 600001.SH' || call === 'income 600001.SH'));
    t.ok(asked().includes('cashflow 600001.SH'), 'what works of it is');
    t.match(await records(), [{ retry_count: 2, resolved: false }]);

    state.broken = ['fina_indicator 600001.SH'];
    await here.db.query(
      `UPDATE sync_failure_records SET units = replace(units::text, '${PERIOD}', '20260331')::jsonb`,
    );
    await here.db.query('DELETE FROM coverage');
    await nightly('20260914');
    t.match(await records(), [{ retry_count: 0, resolved: false }], 'another period has retries of its own');
  },
);

t.test('failures are in the database, and in no file (R106)', async (t) => {
  await market({}, ['cashflow 600000.SH']);
  await nightly('20260914');
  t.match(await here.rows('SELECT third_code, error_message, error_type, units FROM sync_failure_records'), [
    {
      third_code: '600000.SH',
      error_type: 'tushare_bad_answer',
      error_message: /cashflow: end_date should be a date/,
      units: [{ dataset: 'cashflow', partition: `1/600000.SH/period_${PERIOD}`, params: { period: PERIOD } }],
    },
  ]);
});

t.test(
  'an account that may not read disclosure dates still gets the stocks that lack the period',
  async (t) => {
    await market();
    const { call } = here.context({});
    const refusing: RunContext['call'] = async (api_name, ...rest) => {
      if (api_name === 'disclosure_date') throw new TaskError('tushare_no_permission', 'no permission');
      return call(api_name, ...rest);
    };
    t.match(await nightly('20260914', { call: refusing }), { kind: 'completed' });
    t.same(ofIndicators(), ['600000.SH', '600001.SH', '600002.SH']);
  },
);

t.test('without a stock list both say what to do', async (t) => {
  await here.clear();
  for (const mode of ['incremental', 'history'] as const)
    await t.rejects(run({ mode }), {
      type: 'prerequisite_missing',
      message: /submit stock_basic full first/,
    });
});

t.test(
  'history: every stock listed since the start date of the settings, four datasets, a failure isolated',
  async (t) => {
    await market({}, ['income 600002.SH']);
    await here.db.query(
      `UPDATE stock_basic SET list_status = 'D', delist_date = '20231231' WHERE ts_code = '600000.SH'`,
    );
    await here.db.query(
      `UPDATE stock_basic SET list_status = 'D', delist_date = '20240102' WHERE ts_code = '600001.SH'`,
    );
    t.match(await run({ mode: 'history' }), { kind: 'completed', records_processed: 19 });
    t.same([...new Set(asked())].length, 20, 'five stocks, four datasets');
    t.notOk(
      asked().some((call) => call.endsWith('600000.SH')),
      'delisted before',
    );
    const years = here.requests.map(({ params }) => `${params.start_date} ${params.end_date}`);
    t.same([...new Set(years)], [`20240101 ${new Date().getUTCFullYear()}1231`]);
    t.match(await records(), [{ job_type: 'FINANCE_HISTORY', third_code: '600002.SH', retry_count: 0 }]);
    t.match(await here.rows('SELECT job_type, status, batch_size, current_offset FROM sync_tasks'), [
      { job_type: 'FINANCE_HISTORY', status: 'COMPLETED', batch_size: 100, current_offset: 20 },
    ]);
    await run({ mode: 'history', params: { start_date: '20210101', end_date: '20221231' } });
    t.same(here.requests[0]?.params, { ts_code: '600000.SH', start_date: '20210101', end_date: '20221231' });
    await nightly('20260914');
    t.equal(asked()[0], 'income 600002.SH', 'what a history left is retried by the nightly job');
    const retried = here.requests.filter(({ api_name }) => api_name === 'income').slice(0, 2);
    t.same(
      retried.map(({ params }) => params.start_date).sort(),
      ['20210101', '20240101'],
      'with its own days',
    );
  },
);

t.test('a history of more years than one answer holds is asked for in windows', async (t) => {
  await market();
  await run({ mode: 'history', params: { start_date: '20000101' } });
  const windows = here.requests
    .filter(({ api_name, params }) => api_name === 'fina_indicator' && params.ts_code === '600000.SH')
    .map(({ params }) => params.start_date);
  t.same(windows, ['20000101', '20160101'], 'six rows a year stay under 100');
});

t.test(
  'paused in the middle, it goes on with what is left; the disclosure dates are not asked for again',
  async (t) => {
    await market({ '600004.SH': '20260914' });
    const pause = new AbortController();
    const answering = here.answers;
    here.answers = (request) => {
      if (here.requests.length === 6) pause.abort('the supervisor is going down');
      return answering(request);
    };
    const task = { task_id: 'finance paused', params: { target_date: '20260914' } };
    t.match(await run(task, { pause: pause.signal }), {
      kind: 'paused',
      reason: 'the supervisor is going down',
    });
    const before = asked();
    t.ok(before.length >= 5 && before.length < 16);
    here.answers = answering;
    t.match(await run({ ...task, fence: ++number }), { kind: 'completed', records_processed: 4 });
    t.same([...before, ...asked()].length, 16, 'each call once');
    t.notOk(here.requests.some(({ api_name }) => api_name === 'disclosure_date'));
  },
);
