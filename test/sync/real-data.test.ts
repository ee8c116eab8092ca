import t from 'tap';
import { startSimulator } from '../../src/simulator/index.ts';
import { realData, skipWithoutRealData as skip } from '../support/real-data.ts';
import { realFiles, realRows } from '../support/real-rows.ts';
import { type Bench, bench, type Row } from './support.ts';

t.test('all of 2019 arrives as it was served, row for row and value for value', { skip }, async (t) => {
  const simulator = await startSimulator({ data: realData as string, perMinuteLimit: 0 });
  t.teardown(() => simulator.stop());
  const here = await bench(t);
  here.tushareUrl = simulator.url;
  await here.run({ dataset: 'stock_basic', mode: 'full' });
  await here.run({ dataset: 'trade_cal', mode: 'full' });
  await here.run({ params: { start_date: '20190101', end_date: '20191231' } });

  let served = 0;
  let different = 0;
  for (const file of realFiles('daily/by_month_whole_market')) {
    const expected = realRows(file);
    served += expected.length;
    different += await countDifferent(here, expected);
  }
  t.equal(different, 0, `${served} rows compared`);
  t.same(await here.rows('SELECT count(*) AS n FROM daily'), [{ n: served }]);
  t.same(await here.rows(`SELECT state, count(*) AS days FROM coverage WHERE dataset = 'daily' GROUP BY 1`), [
    { state: 'complete', days: 244 },
  ]);
});

t.test('rows with null prices and null amounts arrive as they are', { skip }, async (t) => {
  const here = await bench(t);
  for (const file of [
    'daily_rows_with_nulls.csv',
    'amount_null_1993_1994_pro_bar_qfq.csv',
    '600018.SH_null_ohlc_pro_bar.csv',
  ]) {
    const rows = realRows(`daily/oddities/${file}`);
    await serveRows(here, rows.map(numbered));
    const last = rows
      .map((row) => String(row.trade_date))
      .sort()
      .at(-1);
    await here.run({ task_id: file, fence: ++fence, mode: 'history', params: { end_date: last } });
    t.equal(await countDifferent(here, rows), 0, `${rows.length} rows of ${file}`);
  }
});
let fence = 0;

t.test('the listing-day rows that the source holds twice are stored once', { skip }, async (t) => {
  const here = await bench(t);
  const rows = realRows('daily/oddities/paging_overlap_000001.SZ_asfound.csv.gz');
  const different = new Set(rows.map((row) => row.trade_date)).size;
  t.ok(different < rows.length, 'the file holds duplicates');
  await serveRows(here, rows.map(numbered));
  const last = rows
    .map((row) => String(row.trade_date))
    .sort()
    .at(-1);
  t.match(await here.run({ params: { end_date: last } }), { records_processed: different });
});

/** Rows as JSON carries them: prices as numbers. */
function numbered(row: Record<string, string | null>): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value === null || name === 'ts_code' || name === 'trade_date' ? value : Number(value),
    ]),
  );
}

/** Serves exactly these rows, on a calendar in which their days are the open ones. */
async function serveRows(here: Bench, rows: Row[]): Promise<void> {
  const days = [...new Set(rows.map((row) => String(row.trade_date)))].sort();
  const codes = [...new Set(rows.map((row) => String(row.ts_code)))];
  await here.db.query('TRUNCATE trade_cal, stock_basic');
  await here.db.query(
    `INSERT INTO trade_cal SELECT 'SSE', day, CASE WHEN to_char(day, 'YYYYMMDD') = ANY($3) THEN 1 ELSE 0 END
     FROM generate_series($1::date, $2::date, '1 day') AS day`,
    [days[0], days.at(-1), days],
  );
  await here.put(
    'stock_basic',
    codes.map((ts_code) => ({ ts_code, list_date: days[0] ?? null })),
  );
  here.answers = ({ params: { trade_date, start_date = trade_date, end_date = trade_date } }) =>
    rows.filter(
      ({ trade_date: day }) => String(day) >= String(start_date) && String(day) <= String(end_date),
    );
}

const COLUMNS = ['open', 'high', 'low', 'close', 'pre_close', 'change', 'pct_chg', 'vol', 'amount'];

/** How many of the rows are not in the table with exactly these values. */
async function countDifferent(here: Bench, rows: Record<string, string | null>[]): Promise<number> {
  const stored = await here.db.query(
    `SELECT ts_code || ' ' || to_char(trade_date, 'YYYYMMDD') AS key, daily.* FROM daily
     WHERE trade_date BETWEEN $1 AND $2`,
    [
      rows.map((row) => row.trade_date).sort()[0],
      rows
        .map((row) => row.trade_date)
        .sort()
        .at(-1),
    ],
  );
  const byKey = new Map(stored.rows.map((row) => [row.key, row]));
  return rows.filter((row) => {
    const found = byKey.get(`${row.ts_code} ${row.trade_date}`);
    return COLUMNS.some((name) => {
      const expected = row[name] === null || row[name] === undefined ? null : Number(row[name]);
      return !found || found[name] !== expected;
    });
  }).length;
}
