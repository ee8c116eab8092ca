/** The ledger of all datasets over time, one day of one dataset, one symbol of it, and what is fresh. Real web and Postgres. */
import t, { type Test } from 'tap';
import { addDays, shanghaiClock, weekdayOf } from '../../src/datasets/dates.ts';
import { type Api, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';
import { type Bench, bench, daily, smallMarket } from '../sync/support.ts';

const WEEK = 'from=20190107&to=20190111';
let here: Bench;
let api: Api;
let codes: string[];

t.before(async () => {
  here = await bench(t as unknown as Test);
  const redis = await freshRedis(t);
  api = await startApi(t, { DATABASE_URL: here.config.DATABASE_URL, REDIS_URL: redis.url });
  const market = await smallMarket(here, 20);
  codes = market.codes;
  await here.db.query('UPDATE scheduler_job_config SET enabled = false');
  // the 8th comes without a row, the 9th with one
  here.answers = (request) =>
    daily(codes, market.open, request).filter(
      ({ trade_date, ts_code }) =>
        trade_date !== '20190108' && (trade_date !== '20190109' || ts_code === codes[0]),
    );
  await here.run({ mode: 'backfill', params: { start_date: '20190107', end_date: '20190110' } });
});

const get = async (t: Test, path: string) => {
  const { status, body } = await api.get(`/api/v1${path}`);
  t.equal(status, 200, `${path}: ${body?.message}`);
  return body.data;
};

t.test('the grid: one row a dataset, one number a column, those with data first', async (t) => {
  const grid = await get(t, `/coverage?by=day&${WEEK}`);
  t.same(
    grid.columns.map(({ date }: { date: string }) => date),
    ['20190107', '20190108', '20190109', '20190110', '20190111'],
  );
  t.equal(grid.first_stored, '20190107');
  t.equal(grid.rows.length, 164);
  const rowOf = (name: string) => grid.rows.find(({ dataset }: { dataset: string }) => dataset === name);
  for (const name of ['cb_share', 'stock_basic'])
    t.match(rowOf(name), { dated: false, counts: {}, undated: { complete: 0, absent: 0 } }, name);
  t.match(grid.rows[0], {
    dataset: 'daily',
    group: 'daily_close',
    stored: true,
    scheduled: false,
    dated: true,
    counts: {
      complete: [1, 0, 0, 1, 0],
      missing: [0, 1, 0, 0, 0],
      partial: [0, 0, 1, 0, 0],
      absent: [0, 0, 0, 0, 1],
    },
  });
  t.notOk('failed' in grid.rows[0].counts, 'states without a column are left out');
  const kept = await get(t, `/coverage?by=day&kept=true&${WEEK}`);
  t.same(
    kept.rows.map(({ dataset }: { dataset: string }) => dataset),
    ['daily'],
  );
  const months = await get(t, '/coverage?by=month&from=20190101&to=20190228&kept=true');
  t.same(months.rows[0].counts.complete, [2, 0]);
  const from2019 = await get(t, '/coverage?by=month&kept=true&to=20190131');
  t.equal(from2019.from, '20190107', 'months begin with what is stored first');
});

t.test('a schedule keeps its datasets, also before they have data', async (t) => {
  await here.db.query(`UPDATE scheduler_job_config SET enabled = true WHERE job_id = 'sync_daily_by_date'`);
  const { rows } = await get(t, `/coverage?kept=true&${WEEK}`);
  await here.db.query('UPDATE scheduler_job_config SET enabled = false');
  t.same(
    rows.map((row: { dataset: string; stored: boolean; scheduled: boolean }) => [
      row.dataset,
      row.stored,
      row.scheduled,
    ]),
    [
      ['daily', true, true],
      ['adj_factor', false, true],
      ['daily_basic', false, true],
    ],
  );
});

t.test('spans that are too long, backwards, or no days are refused', async (t) => {
  for (const [query, message] of [
    ['by=day&from=20100101&to=20190101', /ask for a shorter span, or by week or month/],
    ['from=20190201&to=20190101', /backwards/],
    ['from=99990101&to=99991231', /more than 400 days ahead/],
    ['from=20190230', /must be a date that exists/],
    ['by=hour', /by/],
  ] as const)
    t.match(await api.get(`/api/v1/coverage?${query}`), {
      status: 400,
      body: { code: 'VALIDATION_FAILED', message },
    });
});

t.test('a day: rows expected and fetched, which codes lack one, suspended apart', async (t) => {
  await here.put('suspend_d', [
    { ts_code: codes[1] as string, trade_date: '20190109', suspend_type: 'S', suspend_timing: null },
  ]);
  const before = await get(t, '/datasets/daily/days/20190109');
  t.match(before, {
    trading_day: true,
    expected: true,
    partitions: [
      { partition: '20190109', state: 'partial', expected_rows: 20, fetched_rows: 1, asked_again: true },
    ],
    failures: [],
    codes: { listed: 20, present: 1, suspended: null, missing_total: 18 },
  });
  t.equal(before.codes.missing.length, 18);
  t.match(before.codes.missing[0], { ts_code: codes[2], name: codes[2], list_date: '20000101' });
  await here.db.query(
    `INSERT INTO coverage VALUES ('suspend_d', '20190109', null, 1, 'complete', now(), gen_random_uuid())`,
  );
  t.equal((await get(t, '/datasets/daily/days/20190109')).codes.suspended, 1, 'once suspend_d has the day');
  t.match(await get(t, '/datasets/daily/days/20190111'), {
    partitions: [{ state: 'absent', expected_rows: 20, fetched_at: null }],
    codes: { present: 0, missing_total: 20 },
  });
  t.match(await get(t, '/datasets/daily/days/20190112'), {
    trading_day: false,
    expected: false,
    partitions: [],
    codes: null,
  });
  await here.db.query(
    `INSERT INTO sync_failure_records (id, job_type, third_code, error_message, error_type, units)
     VALUES (gen_random_uuid(), 'daily', '20190111', 'refused', 'network', '[{"dataset": "daily", "partition": "20190111"}]')`,
  );
  t.match((await get(t, '/datasets/daily/days/20190111')).failures, [
    { partition: '20190111', error_type: 'network', error_message: 'refused', retry_count: 0 },
  ]);
  for (const path of ['daily/days/2019', 'daily/days/20190230'])
    t.equal((await api.get(`/api/v1/datasets/${path}`)).status, 400);
});

t.test('a symbol: its days from listing on, suspended apart, what is missing as stretches', async (t) => {
  await here.db.query('UPDATE stock_basic SET list_date = $1 WHERE ts_code = $2', ['20190108', codes[1]]);
  const symbol = await get(t, `/datasets/daily/symbols/${codes[1]}`);
  t.match(symbol, {
    name: codes[1],
    list_date: '20190108',
    from: '20190108',
    to: '20190118',
    // suspended on the 9th, there on the 10th, the 8th came empty, nothing was asked for later
    counts: { present: 1, suspended: 1, missing: 1, absent: 6 },
    months: [{ month: '201901', present: 1, suspended: 1, missing: 1, absent: 6 }],
    gaps: [
      { state: 'absent', first: '20190111', last: '20190118', days: 6 },
      { state: 'missing', first: '20190108', last: '20190108', days: 1 },
    ],
    gaps_total: 2,
  });
  t.match(await get(t, '/datasets/daily/symbols/999999.SH'), { list_date: null, from: null, months: [] });
  t.match(await api.get(`/api/v1/datasets/trade_cal/symbols/${codes[1]}`), {
    status: 400,
    body: { message: /no days of single codes/ },
  });
});

t.test('freshness: what should be in by now, of all that is kept', async (t) => {
  const { date: today } = shanghaiClock(new Date());
  const days = Array.from({ length: 60 }, (_, back) => addDays(today, back - 50));
  await here.put(
    'trade_cal',
    days.map((cal_date) => ({ exchange: 'SSE', cal_date, is_open: weekdayOf(cal_date) <= 5 ? 1 : 0 })),
  );
  const past = days.filter((day) => day <= today && weekdayOf(day) <= 5);
  const enter = (dataset: string, partitions: string[]) =>
    here.db.query(
      `INSERT INTO coverage SELECT $1, partition, 20, 20, 'complete', now(), gen_random_uuid()
       FROM unnest($2::text[]) AS partition`,
      [dataset, partitions],
    );
  await enter('daily', past);
  await enter('daily_basic', past.slice(0, -3));
  await enter('stock_basic', ['L']);
  const { datasets, ...answer } = await get(t, '/freshness');
  t.match(answer, { today, trading_day: weekdayOf(today) <= 5 });
  const byName = Object.fromEntries(datasets.map((row: { dataset: string }) => [row.dataset, row]));
  t.same(Object.keys(byName).sort(), ['daily', 'daily_basic', 'stock_basic', 'suspend_d']);
  t.match(byName.daily, { behind: 0, latest: past.at(-1), rows: 20, expected_rows: 20, fetched_at: String });
  t.ok(['in', 'due'].includes(byName.daily.state));
  t.match(byName.daily_basic, { state: 'behind', latest: past.at(-4), fetched_at: null });
  t.ok([2, 3].includes(byName.daily_basic.behind), 'by the hour at which this runs');
  t.match(byName.stock_basic, { state: 'snapshot', expected: null, fetched_at: String });
  const one = await get(t, '/freshness?limit=1');
  t.same([one.datasets, one.total], [datasets.slice(0, 1), 4]);
  const next = await get(t, `/freshness?cursor=${one.next_cursor}`);
  t.same([next.datasets, next.next_cursor], [datasets.slice(1), null]);
  t.match(await get(t, '/freshness?state=snapshot'), { total: 1, datasets: [byName.stock_basic] });
  t.match(await get(t, '/freshness?group=daily_close&q=basic'), { total: 1, datasets: [byName.daily_basic] });
});
