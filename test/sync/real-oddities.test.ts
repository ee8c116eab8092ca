/** What is odd in the recorded daily bars: nulls, rows that came twice, an answer that was cut off without a word. */
import t from 'tap';
import { skipWithoutRealData as skip } from '../support/real-data.ts';
import {
  callsOf,
  differences,
  rowsOf,
  serveFolder,
  syncReference,
  valuesOf,
  wordsOf,
} from './real-support.ts';
import { bench } from './support.ts';

t.test('null prices and null amounts stay null', { skip }, async (t) => {
  for (const file of [
    'daily_rows_with_nulls.csv',
    'amount_null_1993_1994_pro_bar_qfq.csv',
    '600018.SH_null_ohlc_pro_bar.csv',
  ]) {
    const here = await bench(t);
    const source = rowsOf(`daily/oddities/${file}`);
    t.ok(source.some((row) => Object.values(row).includes(null)));
    await serveFolder(t, here, { 'daily/by_ts_code/odd.csv': source });
    await syncReference(here);
    const days = valuesOf(source, 'trade_date');
    // a market of these stocks alone, so that many days share a call
    await here.db.query('TRUNCATE stock_basic');
    await here.put(
      'stock_basic',
      valuesOf(source, 'ts_code').map((ts_code) => ({ ts_code, list_date: days[0] ?? '' })),
    );
    await here.run({ params: { start_date: days[0] ?? '', end_date: days.at(-1) ?? '' } });
    t.same(await differences(here, 'daily', source), [], `${source.length} rows of ${file}`);
  }
});

t.test('rows that the source holds twice are stored once and counted', { skip }, async (t) => {
  const here = await bench(t);
  const source = rowsOf('daily/oddities/paging_overlap_000001.SZ_asfound.csv.gz');
  const different = new Set(source.map((row) => row.trade_date)).size;
  t.equal(source.length - different, 2);
  await serveFolder(t, here, { 'daily/by_ts_code/odd.csv': source });
  await syncReference(here);
  t.match(await here.run({ params: { codes: ['000001.SZ'] } }), { records_processed: different });
  t.same(await differences(here, 'daily', source), []);
  t.match(await wordsOf(here, 'DAILY_HISTORY'), /2 rows of daily came twice and were stored once/);
});

const CUT_OFF = 'daily/whole_market_days/daily_TRUNCATED_20211230_20211231_5000rows.csv';
const AS_SERVED = { 'daily/whole_market_days/daily_20211230_20211231.csv': CUT_OFF };
const TWO_DAYS = { start_date: '20211230', end_date: '20211231' };

t.test(
  'the recorded answer of exactly 5,000 rows is not believed: its days are asked for one by one',
  { skip },
  async (t) => {
    const here = await bench(t);
    await serveFolder(t, here, AS_SERVED);
    await syncReference(here);
    // a stock list that is too short, so that the planner puts both days into one call, as that user did
    await here.db.query(`DELETE FROM stock_basic WHERE ts_code NOT LIKE '6%'`);
    await here.run({ params: TWO_DAYS });
    const calls = (await callsOf(here, 'daily')).map(({ params, rows }) => [
      params.trade_date ?? 'both',
      rows,
    ]);
    t.same(calls, [
      ['both', 5000],
      ['20211230', 332],
      ['20211231', 4668],
    ]);
    t.same(await differences(here, 'daily', rowsOf(CUT_OFF)), []);
  },
);

t.test('and the day of which 332 rows came is known to be partial', { skip }, async (t) => {
  const here = await bench(t);
  await serveFolder(t, here, AS_SERVED);
  await syncReference(here);
  await here.run({ params: TWO_DAYS });
  t.match(
    await here.rows(`SELECT partition, state, fetched_rows FROM coverage WHERE dataset = 'daily' ORDER BY 1`),
    [
      { partition: '20211230', state: 'partial', fetched_rows: 332 },
      { partition: '20211231', state: 'complete', fetched_rows: 4668 },
    ],
  );
  t.match(await wordsOf(here, 'DAILY_HISTORY'), /1 have fewer rows than expected/);
});
