import t from 'tap';
import { bench, type Request, type Row } from './support.ts';

const TASK = { dataset: 'stock_basic', mode: 'full' } as const;
const stock = (index: number, list_status = 'L'): Row => ({
  ts_code: `${600000 + index}.SH`,
  name: `stock ${index}`,
  list_status,
  list_date: '20000101',
});
const stocks = (count: number, from = 0) => Array.from({ length: count }, (_, index) => stock(from + index));
const listed = (rows: Row[]) => (request: Request) =>
  rows.filter((row) => row.list_status === request.params.list_status);

t.test('every status is asked for and stored in one transaction', async (t) => {
  const here = await bench(t);
  here.answers = listed([...stocks(95), ...Array.from({ length: 5 }, (_, index) => stock(500 + index, 'D'))]);
  t.match(await here.run(TASK), { records_processed: 100 });
  t.same(here.requests.map((request) => request.params.list_status).sort(), ['D', 'G', 'L', 'P']);
  t.same(await here.rows('SELECT list_status, count(*) AS n FROM stock_basic GROUP BY 1 ORDER BY 1'), [
    { list_status: 'D', n: 5 },
    { list_status: 'L', n: 95 },
  ]);
  t.equal((await here.rows('SELECT DISTINCT xmin FROM stock_basic')).length, 1);
});

t.test('an empty or mass-vanished snapshot is refused and leaves all as it was', async (t) => {
  const here = await bench(t);
  here.answers = listed(stocks(100));
  await here.run(TASK);
  const before = await here.rows('SELECT *, xmin FROM stock_basic ORDER BY ts_code');
  here.answers = () => [];
  await t.rejects(here.run({ ...TASK, task_id: 'empty', fence: 2 }), {
    type: 'data_rejected',
    message: /no row at all; the 100 rows/,
  });
  here.answers = listed([...stocks(94).map((row) => ({ ...row, name: 'new' })), ...stocks(10, 900)]);
  await t.rejects(here.run({ ...TASK, task_id: 'vanished', fence: 3 }), {
    type: 'data_rejected',
    message: /6 of the 100 rows.*missing/,
  });
  t.same(await here.rows('SELECT *, xmin FROM stock_basic ORDER BY ts_code'), before);
});

t.test('a few codes may go; they are kept, and do not count as lost again', async (t) => {
  const here = await bench(t);
  for (const [fence, gone] of [0, 5, 9, 13].entries()) {
    here.answers = listed(stocks(100 - gone, gone));
    await here.run({ ...TASK, task_id: `task-${fence}`, fence: fence + 1 });
  }
  t.same(await here.rows('SELECT count(*) AS n FROM stock_basic'), [{ n: 100 }]);
});

t.test('an empty first snapshot is refused too', async (t) => {
  const here = await bench(t);
  await t.rejects(here.run(TASK), { type: 'data_rejected', message: /the 0 rows/ });
  t.same(await here.rows('SELECT * FROM coverage'), []);
});

t.test('a row of another status than the one asked for is refused', async (t) => {
  const here = await bench(t);
  here.answers = () => stocks(3);
  await t.rejects(here.run(TASK), { type: 'tushare_bad_answer', message: /asked for D/ });
});

t.test('the calendar is stored as answered, years without an answer are known as missing', async (t) => {
  const here = await bench(t);
  here.answers = ({ params: { start_date = '', end_date = '' } }) =>
    ['20181231', '20190101', '20190102']
      .filter((day) => day >= start_date && day <= end_date)
      .map((cal_date) => ({ exchange: 'SSE', cal_date, is_open: 1, pretrade_date: null }));
  t.match(await here.run({ dataset: 'trade_cal', mode: 'full' }), { records_processed: 3 });
  t.match(
    await here.rows(
      `SELECT fetched_rows, state FROM coverage WHERE partition IN ('2018', '2020') ORDER BY partition`,
    ),
    [
      { fetched_rows: 1, state: 'partial' },
      { fetched_rows: 0, state: 'missing' },
    ],
  );
});
