import t from 'tap';
import { realData, skipWithoutRealData as skip } from '../support/real-data.ts';
import { realFiles, realRows } from '../support/real-rows.ts';
import { type FreshSimulator, freshSimulator } from '../support/simulator.ts';

type CsvRow = Record<string, string | null>;

/** Whether an answered row says the same as the file's: text as it stands, numbers by value, null for nothing. */
function differences(answered: readonly Record<string, unknown>[], file: readonly CsvRow[]): string[] {
  const keyed = new Map(answered.map((row) => [`${row.ts_code} ${row.trade_date}`, row]));
  const wrong = answered.length === file.length ? [] : [`${answered.length} rows instead of ${file.length}`];
  for (const row of file) {
    const ours = keyed.get(`${row.ts_code} ${row.trade_date}`);
    for (const [column, cell] of Object.entries(row)) {
      const value = ours?.[column];
      const same = typeof value === 'number' ? value === Number(cell) : value === cell;
      if (!same) wrong.push(`${row.ts_code} ${row.trade_date} ${column}: ${value} instead of ${cell}`);
    }
  }
  return wrong.slice(0, 5);
}

/** All pages of a day, as 7,000 rows of stk_limit don't fit into one answer. */
async function wholeDay(simulator: FreshSimulator, api: string, trade_date: string) {
  const rows: Record<string, unknown>[] = [];
  for (;;) {
    const { data } = await simulator.call(api, { trade_date, offset: rows.length });
    const fields = data?.fields ?? [];
    for (const item of data?.items ?? []) rows.push(Object.fromEntries(fields.map((f, n) => [f, item[n]])));
    if (!data?.has_more) return rows;
  }
}

t.test('every row of the recorded days comes back value for value', { skip }, async (t) => {
  const simulator = await freshSimulator(t, { data: realData ?? '' });
  for (const api of ['adj_factor', 'daily_basic', 'moneyflow', 'stk_limit', 'suspend_d', 'daily']) {
    const folder = api === 'daily' ? 'daily/whole_market_days' : api;
    for (const file of realFiles(folder).filter((name) => !name.includes('TRUNCATED'))) {
      const date = file.match(/_(\d{8})/)?.[1] ?? '';
      t.same(differences(await wholeDay(simulator, api, date), realRows(file)), [], file);
    }
  }
});

t.test('a month of the whole market comes back value for value, by day and by stock', { skip }, async (t) => {
  const simulator = await freshSimulator(t, { data: realData ?? '', perMinuteLimit: 0 });
  const file = realRows('daily/by_month_whole_market/daily_201902.csv.gz');
  const byDate = Map.groupBy(file, (row) => row.trade_date ?? '');
  t.equal(byDate.size, 15);
  for (const [date, rows] of byDate)
    t.same(differences(await wholeDay(simulator, 'daily', date), rows), [], date);
  for (const code of ['600519.SH', '000001.SZ', '300001.SZ']) {
    const params = { ts_code: code, start_date: '20190201', end_date: '20190228' };
    const answered = await simulator.records('daily', params);
    t.same(
      differences(
        answered,
        file.filter((row) => row.ts_code === code),
      ),
      [],
      code,
    );
    const dates = answered.map((row) => row.trade_date);
    t.same(dates, dates.toSorted().reverse(), 'newest first');
  }
});

t.test('a stock’s history is one row a day, whatever was loaded before', { skip }, async (t) => {
  const file = realRows('daily/by_ts_code/600519.SH.csv');
  const [from, to] = ['20181201', '20190228'];
  const span = file.filter(({ trade_date }) => from <= (trade_date ?? '') && (trade_date ?? '') <= to);
  const earlier = { ts_code: '600519.SH', start_date: '20180101', end_date: '20181231' };
  for (const before of [null, { trade_date: '20190201' }, earlier]) {
    const simulator = await freshSimulator(t, { data: realData ?? '' });
    if (before) await simulator.call('daily', before);
    const answered = await simulator.records('daily', {
      ts_code: '600519.SH',
      start_date: from,
      end_date: to,
    });
    t.same(differences(answered, span), []);
  }
});

t.test('lists: stocks with their status, the calendar, indexes by code only', { skip }, async (t) => {
  const { call, records } = await freshSimulator(t, { data: realData ?? '' });
  const file = realRows('stock_basic/stock_basic_L_D_202603.csv');
  const names = 'ts_code,symbol,name,area,industry,list_date,delist_date,list_status,exchange,market';
  const stocks = await records('stock_basic', { list_status: 'L,D' }, names);
  const expected = file.map(({ status, ...row }) => ({
    ...row,
    list_status: status,
    exchange: null,
    market: null,
  }));
  const byCode = (a: object, b: object) => (String(Object.values(a)) < String(Object.values(b)) ? -1 : 1);
  const ordered = (rows: object[]) => rows.map((row) => Object.entries(row).sort()).sort(byCode);
  t.same(ordered(stocks), ordered(expected));
  t.equal((await records('stock_basic', {})).length, 5486);
  t.equal((await records('stock_basic', { list_status: 'D' })).length, 320);
  const beijing = file.filter(({ ts_code, status }) => ts_code?.endsWith('.BJ') && status === 'L');
  t.equal((await records('stock_basic', { exchange: 'BSE' })).length, beijing.length);
  t.match(await records('stock_basic', { ts_code: 'TS0018.SH', list_status: 'D' }), [{ symbol: 'TS0018' }]);

  t.match(await records('trade_cal', { start_date: '19991230', end_date: '20000104' }), [
    { cal_date: '20000104', is_open: 1, pretrade_date: '19991230' },
    { cal_date: '20000103', is_open: 0 },
    { cal_date: '20000102', is_open: 0 },
    { cal_date: '20000101', is_open: 0 },
    { cal_date: '19991231', is_open: 0 },
    { cal_date: '19991230', is_open: 1 },
  ]);
  t.match(await call('index_daily', {}), { code: 50101, msg: '必填参数, ts_code' });
  const index = await call('index_daily', { ts_code: '000300.SH' });
  t.equal(index.data?.items.length, 5138, 'the file that overlaps adds no second rows');
  t.equal(
    (await records('suspend_d', { trade_date: '20251219', suspend_type: 'R' })).every(
      (r) => r.suspend_type === 'R',
    ),
    true,
  );
});

t.test('a folder without the tables is refused', async (t) => {
  await t.rejects(freshSimulator(t, { data: import.meta.dirname }), /holds no recorded stock_basic table/);
});
