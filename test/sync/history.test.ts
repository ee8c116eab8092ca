import t from 'tap';
import { bar, bench, daily, smallMarket } from './support.ts';

t.test('a history sync stores every row as it was answered', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 1500);
  here.answers = (request) => daily(codes, open, request);
  const told: [number, number][] = [];
  let checkpoints = 0;
  const outcome = await here.run(
    { params: { end_date: '20190120' } },
    { progress: (share, rows) => told.push([share, rows]), checkpointed: () => checkpoints++ },
  );
  t.same(outcome, { kind: 'completed', records_processed: 15_000 });
  t.equal(here.requests.length, 4, '3 days of 1,500 stocks go into one call of less than 6,000 rows');

  const stored = await here.rows(`SELECT *, to_char(trade_date, 'YYYYMMDD') AS trade_date FROM daily`);
  const expected = open.flatMap((day) => codes.map((code) => bar(code, day)));
  const byKey = (rows: Record<string, unknown>[]) =>
    new Map(rows.map((row) => [`${row.ts_code} ${row.trade_date}`, row]));
  t.equal(stored.length, expected.length);
  const found = byKey(stored);
  const different = [...byKey(expected)].filter(([key, row]) =>
    Object.entries(row).some(([name, value]) => !Object.is(found.get(key)?.[name], value)),
  );
  t.same(different, [], 'every value is the same double');

  const ledger = await here.rows(
    'SELECT partition, expected_rows, fetched_rows, state FROM coverage ORDER BY 1',
  );
  t.same(
    ledger,
    open.map((partition) => ({ partition, expected_rows: 1500, fetched_rows: 1500, state: 'complete' })),
  );
  t.match(await here.rows('SELECT * FROM sync_tasks'), [
    {
      job_type: 'DAILY_HISTORY',
      status: 'COMPLETED',
      current_offset: 4,
      total_processed: 15_000,
      batch_size: 50,
    },
  ]);
  t.ok(checkpoints >= 1);
  t.same(told.at(-1), [1, 15_000]);
  const shares = told.map(([share]) => share);
  t.same(shares, shares.toSorted(), 'progress never falls');
});

t.test('a second sync changes only the rows that were restated', async (t) => {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 20);
  here.answers = (request) => daily(codes, open, request);
  await here.run({ params: { end_date: '20190120' } });
  const versions = 'SELECT ts_code, trade_date, xmin::text FROM daily ORDER BY 1, 2';
  const before = await here.rows(versions);
  here.answers = (request) =>
    daily(codes, open, request).map((row) =>
      row.ts_code === codes[0] && row.trade_date === '20190108' ? { ...row, close: null } : row,
    );
  await here.run({ task_id: 'task-2', fence: 2, params: { end_date: '20190120' } });
  const after = await here.rows(versions);
  const changed = after.filter((row, index) => row.xmin !== before[index]?.xmin);
  t.same(changed, [{ ...changed[0], ts_code: codes[0], trade_date: '2019-01-08' }]);
  t.same(await here.rows(`SELECT ts_code FROM daily WHERE close IS NULL`), [{ ts_code: codes[0] }]);
});

t.test(
  'a day without rows is missing, a day cut short is partial, and neither is called complete',
  async (t) => {
    const here = await bench(t);
    const { codes, open } = await smallMarket(here, 20);
    here.answers = (request) =>
      daily(codes, open, request).filter(
        (row) => row.trade_date !== '20190108' && (row.trade_date !== '20190109' || row.ts_code === codes[0]),
      );
    await here.run({ params: { end_date: '20190120' } });
    t.same(
      await here.rows(
        `SELECT partition, fetched_rows, state FROM coverage WHERE state <> 'complete' ORDER BY 1`,
      ),
      [
        { partition: '20190108', fetched_rows: 0, state: 'missing' },
        { partition: '20190109', fetched_rows: 1, state: 'partial' },
      ],
    );
  },
);

t.test('without a calendar it says what to do and leaves nothing behind', async (t) => {
  const here = await bench(t);
  await t.rejects(here.run({}), { type: 'prerequisite_missing', message: /submit trade_cal full first/ });
  t.same(await here.rows('SELECT * FROM sync_tasks'), []);
  t.equal(here.requests.length, 0);
});

t.test('as many calls are in flight as the setting says', async (t) => {
  const here = await bench(t, { SYNC_CALLS_IN_FLIGHT: '3' });
  const { codes, open } = await smallMarket(here, 3500);
  here.answers = (request) => daily(codes, open, request);
  const { call } = here.context({});
  let inFlight = 0;
  let most = 0;
  await here.run(
    { params: { end_date: '20190120' } },
    {
      async call(...asked) {
        most = Math.max(most, ++inFlight);
        return await call(...asked).finally(() => inFlight--);
      },
    },
  );
  t.equal(most, 3);
});
