/** The recorded lists, and the recorded days of each dataset by day, arrive as the simulator serves them. */
import t from 'tap';
import { skipWithoutRealData as skip } from '../support/real-data.ts';
import { realFiles } from '../support/real-rows.ts';
import {
  addFault,
  type CsvRow,
  callsOf,
  differences,
  rowsOf,
  serveAll,
  serveFolder,
  syncReference,
  valuesOf,
} from './real-support.ts';
import { bench } from './support.ts';

/** Rows and days of what is recorded by day. */
const BY_DAY = {
  daily: 'daily/whole_market_days',
  daily_basic: 'daily_basic',
  adj_factor: 'adj_factor',
  moneyflow: 'moneyflow',
  stk_limit: 'stk_limit',
  suspend_d: 'suspend_d',
};

t.test(
  'calendar, stock list and every recorded day are equal, row for row and value for value',
  { skip },
  async (t) => {
    const here = await bench(t);
    await serveAll(t, here);
    await syncReference(here);
    const calendar = rowsOf(...realFiles('trade_cal'));
    t.equal(calendar.length, 13_162);
    t.same(await differences(here, 'trade_cal', calendar), []);
    t.same(await differences(here, 'stock_basic', stocks('stock_basic/stock_basic_L_D_202603.csv')), []);

    let compared = 0;
    for (const [dataset, folder] of Object.entries(BY_DAY)) {
      const source = rowsOf(...realFiles(folder).filter((file) => !file.includes('TRUNCATED')));
      const dates = valuesOf(source, 'trade_date');
      const outcome = await here.run({ dataset, mode: 'backfill', params: { dates } });
      t.match(outcome, { kind: 'completed', records_processed: source.length }, dataset);
      t.same(await differences(here, dataset, source), [], `${source.length} rows of ${dates.length} days`);
      compared += source.length;
    }
    t.equal(compared, 101_236);
    t.same(
      await here.rows(
        `SELECT dataset, partition FROM coverage WHERE state <> 'complete' AND dataset <> 'stock_basic'`,
      ),
      [{ dataset: 'trade_cal', partition: '2027' }],
      'nothing is known to lack, but the calendar of a year that is not recorded',
    );
    const pages = (await callsOf(here, 'stk_limit')).filter(({ params }) => params.offset);
    t.equal(pages.length, 2, 'a day of stk_limit is longer than its cap, and was read page by page');
  },
);

t.test('each recorded stock list follows the one before; an empty one is refused', { skip }, async (t) => {
  const here = await bench(t);
  const full = { dataset: 'stock_basic', mode: 'full' } as const;
  const of2019 = stocks('stock_basic/stock_basic_2019.csv').map((row) => ({ ...row, status: 'L' }));
  await serveFolder(t, here, { 'stock_basic/stock_basic_L_D_202603.csv': of2019 });
  await here.run(full);
  t.same(await differences(here, 'stock_basic', listed(of2019)), []);

  await here.db.query('TRUNCATE stock_basic, coverage');
  const of2025 = stocks('stock_basic/stock_basic_L_202512.csv');
  await serveFolder(t, here, {
    'stock_basic/stock_basic_L_D_202603.csv': of2025.map(({ list_status, ...row }) => ({
      ...row,
      status: list_status ?? null,
    })),
  });
  await here.run({ ...full, task_id: '2025', fence: 2 });
  t.same(await differences(here, 'stock_basic', of2025), []);

  await addFault(here, { fault: 'empty', api_name: 'stock_basic' });
  await t.rejects(here.run({ ...full, task_id: 'empty', fence: 3 }), {
    type: 'data_rejected',
    message: /no row at all; the 5470 rows/,
  });
  t.same(await differences(here, 'stock_basic', of2025), [], 'and nothing was touched');
});

/** A recorded stock list; the column of the status has TuShare's name. */
function stocks(file: string): CsvRow[] {
  return rowsOf(file).map(({ status, ...row }) =>
    status === undefined ? row : { ...row, list_status: status },
  );
}

function listed(rows: readonly CsvRow[]): CsvRow[] {
  return rows.map(({ status, ...row }) => ({ ...row, list_status: status ?? null }));
}
