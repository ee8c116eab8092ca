/** Statements, disclosure dates and boards of the generated market: they fit each other, and the jobs that need them run on it. */
import t from 'tap';
import { runConcepts } from '../../src/sync/concepts.ts';
import { runFinance } from '../../src/sync/finance.ts';
import { freshSimulator } from '../support/simulator.ts';
import { bench } from '../sync/support.ts';

const NOVEMBER_2026 = () => new Date('2026-11-20T17:00:00+08:00');
const ts_code = '600001.SH';
type Row = Record<string, number>;

const near = (a: number | undefined, b: number | undefined, within: number) =>
  Math.abs((a ?? Number.NaN) - (b ?? Number.NaN)) <= within;

t.test('the three statements add up, and the indicators are their ratios', async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const of = async (api: string) => (await records(api, { ts_code })) as Row[];
  const [incomes, sheets, flows, indicators] = [
    await of('income'),
    await of('balancesheet'),
    await of('cashflow'),
    await of('fina_indicator'),
  ];
  t.equal(indicators.length, 100, 'the cap of one answer');
  t.ok(incomes.length > 100, `${incomes.length} reports since 2000`);
  t.match(incomes[0], { end_date: '20260930', report_type: '1' }, 'the newest first');
  for (const [at, income] of incomes.slice(0, 40).entries()) {
    const [sheet, flow, ratio] = [sheets[at] as Row, flows[at] as Row, indicators[at] as Row];
    const what = `${income.end_date}`;
    t.ok(
      [sheet, flow, ratio].every(
        (row) => row.end_date === income.end_date && row.ann_date === income.ann_date,
      ),
      what,
    );
    t.ok(
      near(
        income.total_profit,
        (income.operate_profit ?? 0) + (income.non_oper_income ?? 0) - (income.non_oper_exp ?? 0),
        0.02,
      ),
      `${what} profit`,
    );
    t.ok(
      near(income.n_income, (income.total_profit ?? 0) - (income.income_tax ?? 0), 0.02),
      `${what} net income`,
    );
    t.ok(
      near(sheet.total_assets, (sheet.total_liab ?? 0) + (sheet.total_hldr_eqy_inc_min_int ?? 0), 0.02),
      `${what} balance`,
    );
    const flowed =
      (flow.n_cashflow_act ?? 0) + (flow.n_cashflow_inv_act ?? 0) + (flow.n_cash_flows_fnc_act ?? 0);
    t.ok(near(flow.n_incr_cash_cash_equ, flowed, 0.02), `${what} cash`);
    t.ok(near(ratio.eps, (income.n_income_attr_p ?? 0) / (sheet.total_share ?? 0), 1e-4), `${what} eps`);
    t.ok(
      near(ratio.roe, (100 * (income.n_income_attr_p ?? 0)) / (sheet.total_hldr_eqy_exc_min_int ?? 0), 1e-4),
      `${what} roe`,
    );
    t.ok(
      near(ratio.debt_to_assets, (100 * (sheet.total_liab ?? 0)) / (sheet.total_assets ?? 0), 1e-4),
      `${what} debt`,
    );
  }
});

t.test('a report is there once it is published; one period can be asked for', async (t) => {
  let now = new Date('2026-10-05T12:00:00+08:00');
  const { records } = await freshSimulator(t, { now: () => now });
  const newest = async () => (await records('income', { ts_code }))[0]?.end_date;
  const [plan] = await records('disclosure_date', { ts_code, end_date: '20260930' });
  t.match(plan, { ts_code, end_date: '20260930', actual_date: null });
  t.equal(await newest(), '20260630');
  now = new Date('2026-11-01T12:00:00+08:00');
  t.equal(await newest(), '20260930');
  const [told] = await records('disclosure_date', { ts_code, end_date: '20260930' });
  const [report] = await records('fina_indicator', { ts_code, period: '20260930' });
  t.equal(told?.actual_date, report?.ann_date);
  t.same(
    (await records('income', { ts_code, period: '20240331' })).map(({ end_date }) => end_date),
    ['20240331'],
  );
  const all = await records('disclosure_date', { end_date: '20260930', offset: 3000 }, 'ts_code,end_date');
  t.ok(
    all.length > 2000 && all.every(({ end_date }) => end_date === '20260930'),
    `${3000 + all.length} stocks`,
  );
});

t.test('earnings and equity a share are those behind pe and pb', async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const [day] = (await records('daily_basic', {
    ts_code,
    start_date: '20251201',
    end_date: '20251231',
  })) as Row[];
  const [year] = (await records('fina_indicator', { ts_code, period: '20251231' })) as Row[];
  const implied = (day?.close ?? 0) / (day?.pb ?? 1);
  t.ok(near(year?.bps, implied, implied * 0.11), `bps ${year?.bps}, close ÷ pb ${implied}`);
});

t.test('boards have the members they count', async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const boards = await records('ths_index');
  t.ok(boards.length > 50, `${boards.length} boards`);
  t.equal(new Set(boards.map(({ ts_code }) => ts_code)).size, boards.length);
  for (const board of boards.slice(0, 3)) {
    const members = await records('ths_member', { ts_code: board.ts_code });
    t.equal(members.length, board.count);
    t.ok(members.every(({ ts_code }) => ts_code === board.ts_code));
  }
});

t.test('the concept and the finance job run on it', async (t) => {
  const here = await bench(t, { SYNC_INCREMENTAL_MISSING_LIMIT: '3' });
  const simulator = await freshSimulator(t);
  await simulator.setLimit(0);
  here.tushareUrl = simulator.url;
  await here.run({ dataset: 'stock_basic', mode: 'full' });
  const job = (dataset: string, job_type: string) => ({ dataset, mode: 'incremental' as const, job_type });
  t.match(await here.run(job('concept_boards', 'concept.incremental'), {}, runConcepts), {
    kind: 'completed',
  });
  t.match(await here.run(job('finance', 'finance.incremental'), {}, runFinance), { kind: 'completed' });
  const [stored] = await here.rows(
    `SELECT (SELECT count(*) FROM ths_member) AS members, (SELECT sum(count) FROM ths_index) AS counted,
       (SELECT count(*) FROM disclosure_date) AS planned,
       (SELECT count(DISTINCT ts_code) FROM fina_indicator) AS reported,
       (SELECT count(*) FROM sync_failure_records) AS failed`,
  );
  t.equal(Number(stored?.members), Number(stored?.counted));
  t.ok(Number(stored?.planned) > 5_000, `${stored?.planned} disclosure dates`);
  t.ok(Number(stored?.reported) >= 3, `${stored?.reported} stocks with indicators`);
  t.equal(Number(stored?.failed), 0);
});
