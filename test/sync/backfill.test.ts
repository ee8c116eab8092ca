/** Backfills: exact days, a range, what is missing; and single stocks. */
import t from 'tap';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import { checkSubmission } from '../../src/datasets/params.ts';
import { bench, daily, smallMarket } from './support.ts';

const here = await bench(t);
const catalogue = await loadCatalogue({ DATASETS_PATH: '' });

async function market() {
  await here.clear();
  const { codes, open } = await smallMarket(here, 5);
  here.answers = (request) => daily(codes, open, request);
  return { codes, open };
}

let number = 0;
/** A submission from its check to its rows. */
function submit(mode: 'backfill' | 'history', params: Record<string, unknown>) {
  here.requests.length = 0;
  const checked = checkSubmission(catalogue, { dataset: 'daily', mode, params });
  return here.run({ mode, params: checked.params, task_id: `task ${++number}`, fence: number });
}
const days = async () =>
  (await here.rows(`SELECT DISTINCT to_char(trade_date, 'YYYYMMDD') AS day FROM daily ORDER BY 1`)).map(
    ({ day }) => day,
  );
const asked = () =>
  here.requests.map(
    ({ params: { trade_date, start_date, end_date } }) => trade_date ?? `${start_date}-${end_date}`,
  );

t.test('exact days', async (t) => {
  await market();
  await submit('backfill', { dates: ['2019-01-08', '20190116'] });
  t.same(asked(), ['20190108', '20190116']);
  t.same(await days(), ['20190108', '20190116']);
});

t.test('a range, of which only the open days are asked for', async (t) => {
  const { open } = await market();
  await submit('backfill', { start_date: '20190110', end_date: '20190115' });
  t.same(
    await days(),
    open.filter((day) => day >= '20190110' && day <= '20190115'),
  );
});

t.test(
  'what is missing: never asked for, empty, cut short or failed; and nothing that is complete',
  async (t) => {
    const { codes, open } = await market();
    here.answers = (request) => {
      if (request.params.trade_date === '20190116')
        return [{ ...daily(codes, open, request)[0], close: 'x' }];
      return daily(codes, open, request).filter(
        ({ trade_date, ts_code }) =>
          trade_date !== '20190108' && (trade_date !== '20190110' || ts_code === codes[0]),
      );
    };
    await submit('backfill', { dates: ['20190107', '20190108', '20190109', '20190110'] });
    await submit('backfill', { dates: ['20190114', '20190116'] });
    t.same(await here.rows(`SELECT partition, state FROM coverage WHERE state <> 'complete' ORDER BY 1`), [
      { partition: '20190108', state: 'missing' },
      { partition: '20190110', state: 'partial' },
      { partition: '20190116', state: 'failed' },
    ]);
    here.answers = (request) => daily(codes, open, request);
    await submit('backfill', { missing: true, start_date: '20190107', end_date: '20190118' });
    t.same(
      asked().sort(),
      ['20190108', '20190110-20190111', '20190115-20190118'],
      'never asked for: 11, 15, 17, 18',
    );
    t.same(await here.rows(`SELECT state, count(*) AS days FROM coverage GROUP BY 1`), [
      { state: 'complete', days: 10 },
    ]);
    t.same(await here.rows('SELECT resolved_at IS NULL AS open FROM sync_failure_records'), [
      { open: false },
    ]);
    await submit('backfill', { missing: true, start_date: '20190107', end_date: '20190118' });
    t.same(asked(), [], 'nothing is missing any more');
  },
);

t.test('a single stock, written as TuShare does, beside the days that are fetched whole', async (t) => {
  const { codes, open } = await market();
  const [first = ''] = codes;
  await submit('history', { ts_code: first, start_date: '20190101', end_date: '20190118' });
  t.match(here.requests, [{ params: { ts_code: first, start_date: '20190101', end_date: '20190118' } }]);
  t.same(await here.rows('SELECT ts_code, count(*) AS days FROM daily GROUP BY 1'), [
    { ts_code: first, days: 10 },
  ]);
  await submit('backfill', { codes: codes.slice(1, 3), dates: ['20190110', '20190114'] });
  t.same(
    here.requests.map(({ params }) => params),
    codes.slice(1, 3).map((ts_code) => ({ ts_code, start_date: '20190110', end_date: '20190114' })),
  );
  await submit('backfill', { missing: true, start_date: '20190107', end_date: '20190118' });
  t.same(await here.rows('SELECT count(*) AS rows FROM daily'), [{ rows: 50 }], 'one stock is no day');
  t.equal(open.length, 10);
});

t.test('a stock that does not exist is no success', async (t) => {
  await market();
  await t.rejects(submit('history', { ts_code: '600999.SH' }), { type: 'no_data', message: /of daily/ });
});

for (const [params, message] of [
  [{ codes: ['600000.SH'], ts_code: '600000.SH' }, /either codes or ts_code/],
  [{ ts_code: '' }, /ts_code must be a list of 1 to 1000 names/],
  [{ ts_code: '600000.SH;x' }, /ts_code must be/],
  [{ ts_code: '600000.SH', also: ['adj_factor'] }, /leave codes or also out/],
] as const)
  t.test(`refused: ${JSON.stringify(params)}`, async (t) => {
    t.throws(() => checkSubmission(catalogue, { dataset: 'daily', mode: 'history', params: { ...params } }), {
      code: 'INVALID_PARAMS',
      message,
    });
  });
t.test('refused: what is missing, of single stocks', async (t) => {
  const params = { missing: true, ts_code: '600000.SH' };
  t.throws(() => checkSubmission(catalogue, { dataset: 'daily', mode: 'backfill', params }), {
    message: /known by day, not by code/,
  });
});
