import { readFileSync } from 'node:fs';
import t from 'tap';
import { realData, skipWithoutRealData as skip } from '../support/real-data.ts';
import { freshSimulator } from '../support/simulator.ts';

type Row = Record<string, unknown>;
const NOVEMBER_2026 = () => new Date('2026-11-20T17:00:00+08:00');

t.test('the calendar is the real one', { skip }, async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const files = ['trade_cal_derived_19901219_19991231.csv', 'trade_cal_SSE_20000101_20261231.csv'];
  const lines = files.flatMap((file) =>
    readFileSync(`${realData}/trade_cal/${file}`, 'utf8').trim().split('\n').slice(1),
  );
  const real = lines.map((line) => line.trim()).sort();
  const ours: Row[] = [];
  for (let offset = 0; ours.length % 6000 === 0; offset += 6000)
    ours.push(...(await records('trade_cal', { offset })));
  const text = ours
    .filter(({ cal_date }) => String(cal_date) <= '20261231')
    .map((day) => `${day.exchange},${day.cal_date},${day.is_open},${day.pretrade_date ?? ''}`)
    .sort();
  t.same(text, real);
});

t.test('next year is there by rule: weekdays but for the holidays by sun and moon', async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const open = new Set(
    (await records('trade_cal', { start_date: '20270101', is_open: '1' })).map(({ cal_date }) => cal_date),
  );
  t.ok(open.has('20271231'), 'to its end');
  t.equal(open.size, 244);
  // 6 February 2027 is the first day of the year of the sheep
  for (const closed of [
    '20270101',
    '20270208',
    '20270212',
    '20270405',
    '20270505',
    '20270609',
    '20270915',
    '20271007',
  ])
    t.notOk(open.has(closed), closed);
  for (const day of ['20270104', '20270205', '20270215', '20270406', '20271008']) t.ok(open.has(day), day);
});

t.test('stocks: as many as the real market, born and ended on trading days', async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const open = new Set<unknown>();
  for (const year of [1990, 2000, 2010, 2020]) {
    const days = { start_date: `${year}0101`, end_date: `${year + 9}1231`, is_open: '1' };
    for (const { cal_date } of await records('trade_cal', days)) open.add(cal_date);
  }
  const fields = 'ts_code,symbol,name,list_date,delist_date,list_status,exchange,market,fullname,industry';
  const stocks = await records('stock_basic', { list_status: 'L,D' }, fields);
  const listedOn = (date: string) =>
    stocks.filter((stock) => String(stock.list_date) <= date && String(stock.delist_date ?? '9') > date)
      .length;
  t.ok(listedOn('19911231') <= 20, 'a handful in 1991');
  t.ok(Math.abs(listedOn('20191231') - 3760) < 100, `${listedOn('20191231')} at the end of 2019`);
  t.ok(Math.abs(listedOn('20261120') - 5500) < 100, `${listedOn('20261120')} today`);
  t.equal(new Set(stocks.map((stock) => stock.ts_code)).size, stocks.length);
  t.equal(new Set(stocks.map((stock) => String(stock.name).replace('(退)', ''))).size, stocks.length);
  const pattern = /^(60[0135]\d{3}\.SH|688\d{3}\.SH|00[0123]\d{3}\.SZ|30[01]\d{3}\.SZ|920\d{3}\.BJ)$/;
  for (const stock of stocks) {
    const { ts_code, symbol, list_date, delist_date, list_status, fullname } = stock;
    const good =
      pattern.test(String(ts_code)) &&
      String(ts_code).startsWith(String(symbol)) &&
      open.has(list_date) &&
      (delist_date === null ? list_status === 'L' : list_status === 'D' && open.has(delist_date)) &&
      String(delist_date ?? '9') > String(list_date) &&
      /模拟/.test(String(fullname));
    if (!good) t.fail('a stock that can’t be', { stock });
  }
  const later = await freshSimulator(t, { now: () => new Date('2020-01-01T00:00:00Z') });
  const then = await later.records('stock_basic', { list_status: 'L,D' }, 'list_date,delist_date');
  t.ok(then.length > 3500 && then.every((stock) => String(stock.list_date) <= '20200101'));
  t.ok(
    then.every((stock) => String(stock.delist_date ?? '') <= '20200101'),
    'nobody knows the future',
  );
});

t.test('prices: limits, chains, shapes and suspensions hold for every row', async (t) => {
  const { records, call } = await freshSimulator(t, { perMinuteLimit: 0 });
  const stocks = await records('stock_basic', { list_status: 'L,D' }, 'ts_code,list_date,delist_date');
  for (const { year, least, most } of [
    { year: 2019, least: 0.03, most: 0.05 },
    { year: 2015, least: 0.07, most: 0.1 },
  ]) {
    const range = { start_date: `${year}0101`, end_date: `${year}1231`, is_open: '1' };
    const days = (await records('trade_cal', range)).map((day) => String(day.cal_date)).sort();
    const lastClose = new Map<string, number>();
    let traded = 0;
    let listed = 0;
    // Days in a row for the chain of closes, days all over the year for the share of suspensions.
    for (const [n, date] of days.entries()) {
      if (n > 30 && n % 6 !== 0) continue;
      const rows = await records('daily', { trade_date: date });
      traded += rows.length;
      listed += stocks.filter(
        (s) => String(s.list_date) <= date && String(s.delist_date ?? '9') > date,
      ).length;
      for (const row of n > 30 ? [] : rows) {
        const fault = faultOf(row as never, lastClose.get(String(row.ts_code)));
        if (fault) t.fail(fault, { row });
        lastClose.set(String(row.ts_code), Number(row.close));
      }
    }
    const suspended = 1 - traded / listed;
    t.ok(suspended > least && suspended < most, `${(100 * suspended).toFixed(1)} % suspended in ${year}`);
  }
  const raw = JSON.stringify((await call('daily', { trade_date: '20190102' })).data?.items[0]);
  t.match(raw, /^\["000\d{3}\.SZ","20190102",/);
});

/** Rules of the market that a row breaks, if any; `lastClose` is the stock's close of its trading day before. */
function faultOf(
  row: Record<'ts_code', string> & Record<string, number>,
  lastClose: number | undefined,
): string | null {
  const {
    open = 0,
    high = 0,
    low = 0,
    close = 0,
    pre_close = 0,
    change = 0,
    pct_chg = 0,
    vol = 0,
    amount = 0,
  } = row;
  const limit = /^(688|30)/.test(row.ts_code) ? 20 : 10;
  const average = (amount * 10) / vol;
  if (!(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close)))
    return 'low and high do not enclose';
  if (lastClose !== undefined && pre_close !== lastClose) return 'pre_close is not the last close';
  if (lastClose !== undefined && high > pre_close * (1 + limit / 100) + 0.0051) return 'above the limit';
  if (lastClose !== undefined && low < pre_close * (1 - limit / 100) - 0.0051) return 'below the limit';
  if (Math.abs(close - pre_close - change) > 1e-6) return 'change is wrong';
  if (Math.abs((change / pre_close) * 100 - pct_chg) > 1e-4) return 'pct_chg is wrong';
  if (!(average > low - 0.01 && average < high + 0.01)) return 'amount does not fit vol';
  for (const [digits, values] of [
    [2, [open, high, low, close, pre_close, vol]],
    [4, [pct_chg]],
    [3, [amount]],
  ] as const) {
    if (values.some((value) => Number(value.toFixed(digits)) !== value))
      return `more than ${digits} decimals`;
  }
  return null;
}

t.test('a stock’s history, a day’s market and another instance agree; another seed does not', async (t) => {
  const one = await freshSimulator(t, { now: NOVEMBER_2026 });
  const other = await freshSimulator(t, { now: NOVEMBER_2026, seed: 2 });
  const history = await one.records('daily', {
    ts_code: '600001.SH',
    start_date: '20150101',
    end_date: '20151231',
  });
  t.ok(history.length > 100);
  // Asked of a fresh instance in another order, each day by itself.
  const fresh = await freshSimulator(t, { now: NOVEMBER_2026 });
  for (const row of history.toReversed().filter((_, n) => n % 40 === 0)) {
    const market = await fresh.records('daily', { trade_date: row.trade_date });
    t.same(
      market.filter(({ ts_code }) => ts_code === '600001.SH'),
      [row],
    );
  }
  const market = async ({ call }: typeof one) =>
    JSON.stringify((await call('daily', { trade_date: '20190102' })).data);
  t.equal(await market(fresh), await market(one));
  t.not(await market(other), await market(one));
  const first = await one.records('stock_basic', { ts_code: '600001.SH' }, 'list_date');
  const [oldest] = (await one.records('daily', { ts_code: '600001.SH', end_date: '19951231' })).slice(-1);
  t.equal(oldest?.trade_date, first[0]?.list_date, 'trades from the day it is listed');
});

t.test('a day appears at four in the afternoon in Shanghai', async (t) => {
  let now = new Date('2026-11-20T15:59:00+08:00');
  const { records } = await freshSimulator(t, { now: () => now });
  const newest = async () => (await records('daily', { start_date: '20261118', limit: 1 }))[0]?.trade_date;
  t.equal(await newest(), '20261119');
  t.equal((await records('daily', { trade_date: '20261120' })).length, 0);
  now = new Date('2026-11-20T16:00:00+08:00');
  t.equal(await newest(), '20261120');
  t.ok((await records('daily', { trade_date: '20261120' })).length > 5000);
  now = new Date('2026-11-21T23:00:00+08:00');
  t.equal(await newest(), '20261120', 'nothing on a Saturday');
});

t.test('ratios and factors of a day fit its bars', async (t) => {
  const { records } = await freshSimulator(t, { now: NOVEMBER_2026 });
  const on = { trade_date: '20261120' };
  const bars = await records('daily', on);
  const basics = await records('daily_basic', on);
  t.same(
    basics.map(({ ts_code, close }) => [ts_code, close]),
    bars.map(({ ts_code, close }) => [ts_code, close]),
    'the stocks that traded, at their closes',
  );
  const wrong = basics.filter((row, n) => {
    const { close, total_share, total_mv, float_share, turnover_rate } = row as Record<string, number>;
    const vol = Number(bars[n]?.vol);
    const value = Math.abs((close as number) * (total_share as number) - (total_mv as number));
    const turnover = Math.abs(vol / (float_share as number) - (turnover_rate as number));
    return value > 1 || turnover > 1e-3;
  });
  t.same(wrong.slice(0, 3), [], 'value and turnover are what they should be');
  t.ok(basics.some(({ pe }) => pe === null) && basics.some(({ pe }) => Number(pe) > 0));

  const factors = await records('adj_factor', on);
  const withFactor = new Set(factors.map(({ ts_code }) => ts_code));
  t.ok(factors.length > bars.length, 'a suspended stock has a factor');
  t.ok(
    bars.every(({ ts_code }) => withFactor.has(ts_code)),
    'and every one that traded',
  );
  const ofOne = await records('adj_factor', { ts_code: '600001.SH', start_date: '20100101' });
  const values = ofOne.toReversed().map(({ adj_factor }) => Number(adj_factor));
  t.same(
    values,
    values.toSorted((a, b) => a - b),
    'it never falls',
  );
  t.ok((values.at(-1) as number) > (values[0] as number), 'and rises with the years');
});
