/** Each simple way of asking, from the plan to rows in Postgres: whole, by value, year, month, period, day. */
import t from 'tap';
import { type Bench, bench, type Request, type Row, smallMarket } from './support.ts';

/** What the calls asked for, their parameters in order. */
const paramsOf = (here: Bench): Record<string, string>[] =>
  here.requests.map(({ params }) => Object.fromEntries(Object.entries(params).sort()));

t.test('whole: one call without parameters', async (t) => {
  const here = await bench(t);
  here.answers = () => [
    { o_code: '430017.BJ', n_code: '920017.BJ', name: 'a', list_date: '20211115' },
    { o_code: '430047.BJ', n_code: '920047.BJ', name: 'b', list_date: '20211115' },
  ];
  t.match(await here.run({ dataset: 'bse_mapping', mode: 'full' }), {
    kind: 'completed',
    records_processed: 2,
  });
  t.same(paramsOf(here), [{}]);
  t.equal((await here.rows('SELECT * FROM bse_mapping')).length, 2);
});

t.test('by value: one call a value, named like a column that TuShare hides', async (t) => {
  const here = await bench(t);
  here.answers = ({ params }: Request) => [
    { index_code: '801010.SI', industry_name: '农林牧渔', level: 'L1', src: params.src ?? '' },
  ];
  await here.run({ dataset: 'index_classify', mode: 'full' });
  const sources = paramsOf(here).map(({ src }) => src);
  t.same(sources.sort(), ['SW2014', 'SW2021']);
  t.same(await here.rows('SELECT src FROM index_classify ORDER BY src'), [
    { src: 'SW2014' },
    { src: 'SW2021' },
  ]);
});

t.test('by year: years share a call under the cap, and columns may begin with a digit', async (t) => {
  const here = await bench(t);
  here.answers = ({ params }: Request) => {
    const date = `${String(params.start_date).slice(0, 4)}1231`;
    return [{ date, on: 1.5, '1w': 2.25 }];
  };
  await here.run({ dataset: 'shibor', mode: 'full' });
  const calls = paramsOf(here).sort((a, b) => (String(a.start_date) < String(b.start_date) ? -1 : 1));
  t.same(calls[0], { start_date: '20061008', end_date: '20121231' }, '250 rows a year, 2,000 at most');
  t.equal((await here.rows(`SELECT "1w" FROM shibor WHERE date = '20061231'`))[0]?.['1w'], 2.25);
});

t.test('by month and by period: one call each', async (t) => {
  const here = await bench(t);
  const row = (params: Record<string, string>): Row =>
    params.month
      ? { month: params.month, broker: 'a', ts_code: '000001.SZ', name: 'x' }
      : { ts_code: '000001.SZ', end_date: params.end_date ?? '', pre_date: '20200430', actual_date: null };
  here.answers = ({ params }: Request) => [row(params)];
  const params = { start_date: '20200115', end_date: '20200701' };
  await here.run({ dataset: 'broker_recommend', mode: 'history', params });
  t.same(
    paramsOf(here)
      .map(({ month }) => month)
      .sort(),
    ['202001', '202002', '202003', '202004', '202005', '202006', '202007'],
  );
  here.requests.length = 0;
  await here.run({ dataset: 'disclosure_date', mode: 'history', params });
  const periods = paramsOf(here).map(({ end_date }) => end_date);
  t.same(periods.sort(), ['20200331', '20200630']);
  t.equal((await here.rows('SELECT * FROM disclosure_date')).length, 2);
});

t.test('by trading day: only where a range is taken do days share a call', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 3);
  here.answers = ({ api_name, params }: Request) =>
    open
      .filter((day) => day >= String(params.start_date ?? params.trade_date))
      .filter((day) => day <= String(params.end_date ?? params.trade_date))
      .flatMap((trade_date) =>
        codes.map((ts_code) => ({
          ts_code,
          trade_date,
          ...(api_name === 'adj_factor' ? { adj_factor: 1.25 } : { close: 1, total_mv: 2 }),
        })),
      );
  const params = { start_date: '20190107', end_date: '20190118' };
  await here.run({ dataset: 'adj_factor', mode: 'history', params });
  t.same(paramsOf(here), [{ start_date: '20190107', end_date: '20190118' }]);
  here.requests.length = 0;
  await here.run({ dataset: 'daily_basic', mode: 'history', params });
  t.same(
    paramsOf(here)
      .map(({ trade_date }) => trade_date)
      .sort(),
    open.filter((day) => day <= '20190118'),
  );
  t.same(await here.rows(`SELECT count(*) FROM daily_basic`), [{ count: open.length * codes.length }]);
});

t.test('by week: the last trading day of each', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 2);
  const bar = {
    open: 1,
    high: 2,
    low: 1,
    close: 2,
    pre_close: 1,
    change: 1,
    pct_chg: 0.5,
    vol: 3,
    amount: 4,
  };
  here.answers = ({ params }: Request) =>
    ['20190111', '20190118']
      .filter((day) => day >= String(params.start_date ?? params.trade_date))
      .filter((day) => day <= String(params.end_date ?? params.trade_date))
      .flatMap((trade_date) => codes.map((ts_code) => ({ ts_code, trade_date, ...bar })));
  t.ok(open.includes('20190118'));
  await here.run({
    dataset: 'weekly',
    mode: 'history',
    params: { start_date: '20190107', end_date: '20190117' },
  });
  t.same(paramsOf(here), [{ trade_date: '20190111' }], 'the second week has not ended');
});

t.test('by calendar day: rows come on any day, weekends too', async (t) => {
  const here = await bench(t);
  here.answers = () => [{ ts_code: '000001.SZ', ann_date: '20190112', end_date: '20181231', holder_num: 5 }];
  const params = { start_date: '20190110', end_date: '20190115' };
  await here.run({ dataset: 'stk_holdernumber', mode: 'history', params });
  t.same(paramsOf(here), [{ start_date: '20190110', end_date: '20190115' }]);
  t.equal((await here.rows('SELECT * FROM stk_holdernumber')).length, 1);
});

t.test('a key with a null in it is one key: the same rows again are the same rows', async (t) => {
  const here = await bench(t);
  const row = {
    ts_code: '000001.SZ',
    float_date: '20190107',
    holder_name: 'A',
    share_type: '定增股份',
    float_share: 1,
    float_ratio: 1,
  };
  const other = { ...row, holder_name: 'B', float_share: 2 };
  here.answers = () => [row, other];
  const params = { start_date: '20190107', end_date: '20190107' };
  const backfill = { dataset: 'share_float', mode: 'backfill', params } as const;
  await here.run(backfill);
  await here.run({ ...backfill, task_id: 'again', fence: 2 });
  here.answers = () => [{ ...row, float_ratio: 3 }, other];
  await here.run({ ...backfill, task_id: 'restated', fence: 3 });
  t.same(await here.rows('SELECT ann_date, holder_name, float_ratio FROM share_float ORDER BY 2'), [
    { ann_date: null, holder_name: 'A', float_ratio: 3 },
    { ann_date: null, holder_name: 'B', float_ratio: 1 },
  ]);
});
