import t from 'tap';
import { answer, bar, bench, type Row, smallMarket } from './support.ts';

const DAY = { start_date: '20190108', end_date: '20190108' };

async function oneDay(t: Parameters<typeof bench>[0], stocks = 3) {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, stocks);
  const rows = codes.map((code) => bar(code, '20190108'));
  return { here, codes, open, rows, first: rows[0] as Row };
}

t.test('columns are found by name: reordered, unknown and missing ones', async (t) => {
  const { here, rows } = await oneDay(t);
  here.answers = () => {
    const names = ['amount', 'invented', ...Object.keys(rows[0] ?? {}).filter((name) => name !== 'amount')];
    return answer(
      rows.map((row) => ({ ...row, invented: 'x' })),
      names.filter((name) => name !== 'pct_chg'),
    );
  };
  await here.run({ params: DAY });
  const stored = await here.rows('SELECT ts_code, close, amount, pct_chg FROM daily ORDER BY 1');
  t.same(
    stored,
    rows.map(({ ts_code, close, amount }) => ({ ts_code, close, amount, pct_chg: null })),
  );
});

t.test('a column that is missing later leaves what is stored', async (t) => {
  const { here, rows } = await oneDay(t);
  here.answers = () => rows;
  await here.run({ params: DAY });
  here.answers = () =>
    answer(
      rows,
      Object.keys(rows[0] ?? {}).filter((name) => name !== 'pct_chg'),
    );
  await here.run({ task_id: 'task-2', fence: 2, params: DAY });
  t.same(await here.rows('SELECT count(pct_chg) AS kept FROM daily'), [{ kept: 3 }]);
});

const REFUSED: [string, (row: Row) => Row, string, RegExp][] = [
  [
    'a number as text',
    (row) => ({ ...row, close: '1.5' }),
    'tushare_bad_answer',
    /close should be a number.*"1.5"/,
  ],
  ['an empty text as number', (row) => ({ ...row, vol: '' }), 'tushare_bad_answer', /vol should be a number/],
  [
    'a text as number',
    (row) => ({ ...row, ts_code: 600000 }),
    'tushare_bad_answer',
    /ts_code should be a text/,
  ],
  [
    'a date with dashes',
    (row) => ({ ...row, trade_date: '2019-01-08' }),
    'tushare_bad_answer',
    /a date YYYYMMDD/,
  ],
  ['another day', (row) => ({ ...row, trade_date: '20190109' }), 'tushare_bad_answer', /asked for 20190108/],
  ['no code', (row) => ({ ...row, ts_code: null }), 'tushare_bad_answer', /a row has no ts_code/],
  [
    'a second row of a key',
    (row) => ({ ...row, ts_code: '600001.SH' }),
    'data_rejected',
    /two different rows/,
  ],
];
for (const [what, spoil, type, message] of REFUSED)
  t.test(`refused: ${what}`, async (t) => {
    const { here, rows, first } = await oneDay(t);
    here.answers = () => [spoil(first), ...rows.slice(1)];
    await t.rejects(here.run({ params: DAY }), { type, message });
    t.same(await here.rows('SELECT * FROM daily'), []);
    t.same(await here.rows('SELECT * FROM coverage'), []);
  });

t.test('an answer without a required column is refused', async (t) => {
  const { here, rows } = await oneDay(t);
  here.answers = () => answer(rows, ['ts_code', 'trade_date', 'close']);
  await t.rejects(here.run({ params: DAY }), { message: /lacks open, high, low, vol, amount/ });
});

t.test('exact duplicates are dropped', async (t) => {
  const { here, rows } = await oneDay(t);
  here.answers = () => [...rows, ...rows.slice(0, 2)];
  t.match(await here.run({ params: DAY }), { records_processed: 3 });
  t.match(await here.rows('SELECT fetched_rows FROM coverage'), [{ fetched_rows: 3 }]);
});

t.test('texts with every character that COPY gives a meaning to come back as they were', async (t) => {
  const here = await bench(t);
  const names = [
    'tab\there',
    'line\nend',
    'cr\r',
    'back\\slash',
    '\\N',
    '\\.',
    '',
    '万 科Ａ',
    '"quoted"',
    "it's",
  ];
  here.answers = ({ params }) =>
    params.list_status === 'L'
      ? names.map((name, index) => ({ ts_code: `T${index}`, name, list_status: 'L', list_date: null }))
      : [];
  await here.run({ dataset: 'stock_basic', mode: 'full' });
  const stored = await here.rows('SELECT name FROM stock_basic ORDER BY ts_code');
  t.same(
    stored.map((row) => row.name),
    names,
  );
  const zero = { ts_code: 'T0', name: 'a\0b', list_status: 'L', list_date: null };
  here.answers = ({ params }) => (params.list_status === 'L' ? [zero] : []);
  await t.rejects(here.run({ dataset: 'stock_basic', mode: 'full', fence: 2, task_id: 'zero' }), {
    type: 'tushare_bad_answer',
    message: /name should be a text/,
  });
});

t.test('times are those of Shanghai', async (t) => {
  const here = await bench(t);
  const report = { ts_code: '600000.SH', report_date: '20260105', report_title: null, org_name: 'x' };
  here.answers = () => [{ ...report, create_time: '2026-01-05 07:30:09' }];
  const DAYS = { start_date: '20260105', end_date: '20260105' };
  await here.run({ dataset: 'report_rc', params: DAYS });
  t.same(await here.rows('SELECT create_time, report_title FROM report_rc'), [
    { create_time: new Date('2026-01-04T23:30:09Z'), report_title: null },
  ]);
  for (const [at, create_time] of ['2026-01-05 24:00:00', '2026-02-30 10:00:00', '20260105'].entries()) {
    here.answers = () => [{ ...report, create_time }];
    await t.rejects(here.run({ dataset: 'report_rc', params: DAYS, fence: 2 + at, task_id: create_time }), {
      message: /create_time should be a time/,
    });
  }
});

t.test('whole numbers may be texts', async (t) => {
  const here = await bench(t);
  here.answers = ({ params }) =>
    String(params.start_date) <= '20190108' && '20190108' <= String(params.end_date)
      ? [{ exchange: 'SSE', cal_date: '20190108', is_open: '1', pretrade_date: null }]
      : [];
  await here.run({ dataset: 'trade_cal', mode: 'full' });
  t.match(await here.rows('SELECT DISTINCT is_open FROM trade_cal'), [{ is_open: 1 }]);
});

t.test('doubles come back bit for bit', async (t) => {
  const { here, rows, first } = await oneDay(t);
  const values = {
    open: 0.1 + 0.2,
    high: Number.MAX_VALUE,
    low: 5e-324,
    close: 1 / 3,
    vol: 2 ** 53 + 2,
    amount: 1e-7,
  };
  here.answers = () => [{ ...first, ...values }, ...rows.slice(1)];
  await here.run({ params: DAY });
  t.match(await here.rows(`SELECT * FROM daily WHERE ts_code = '${first.ts_code}'`), [values]);
});
