/** The recorded histories by stock, index, fund and concept, and the statements, arrive as the simulator serves them. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { openStore } from '../../src/store/store.ts';
import { planUnits } from '../../src/sync/plan.ts';
import { runJob } from '../../src/sync/run.ts';
import { realData, skipWithoutRealData as skip } from '../support/real-data.ts';
import { realFiles } from '../support/real-rows.ts';
import {
  type CsvRow,
  differences,
  rowsOf,
  serveAll,
  serveFolder,
  syncReference,
  valuesOf,
  wordsOf,
} from './real-support.ts';
import { bench, tableDataset, taskOf } from './support.ts';

const BY_STOCK = 'daily/by_ts_code';

t.test('four whole histories, asked for by stock', { skip }, async (t) => {
  const here = await bench(t);
  const source = rowsOf(...realFiles(BY_STOCK));
  t.equal(source.length, 23_334);
  await serveFolder(t, here, { [BY_STOCK]: BY_STOCK });
  await syncReference(here);
  const codes = valuesOf(source, 'ts_code');
  t.match(await here.run({ params: { codes } }), { records_processed: source.length });
  t.same(await differences(here, 'daily', source), []);
  // 000001.SZ: open 46.6 over high 45.6 on 1992-08-03, and the change of 2003-09-30 - 1
  const words = await wordsOf(here, 'DAILY_HISTORY');
  t.match(words, /1 rows of daily, in which low is above .* stored as they came \(000001.SZ 1992-08-03\)/);
  t.match(words, /1 rows of daily, in which change .* stored as they came \(000001.SZ 2003-09-29\)/);
});

t.test(
  'index bars; those that TuShare restated are kept as they were, with the time',
  { skip },
  async (t) => {
    const here = await bench(t);
    const files = realFiles('index_daily').filter((file) => file.endsWith('.csv'));
    const now = uniqueBy(rowsOf(...files), ['ts_code', 'trade_date']);
    const revisions = readFileSync(`${realData}/index_daily/revisions.jsonl`, 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            ts_code: string;
            trade_date: string;
            changes: Record<string, [string, string]>;
          },
      );
    t.equal(revisions.length, 311);
    const before = new Map(now.map((row) => [`${row.ts_code} ${row.trade_date}`, { ...row }]));
    for (const { ts_code, trade_date, changes } of revisions) {
      const row = before.get(`${ts_code} ${trade_date}`) as CsvRow;
      for (const [name, [old]] of Object.entries(changes)) row[name] = old;
    }
    await here.put(
      'index_basic',
      valuesOf(now, 'ts_code').map((ts_code) => ({ ts_code })),
    );
    await serveFolder(t, here, { 'index_daily/all.csv': [...before.values()] });
    await here.run({ dataset: 'index_daily' });
    t.same(
      await differences(here, 'index_daily', [...before.values()]),
      [],
      `${now.length} rows as they were at first`,
    );

    const [{ at }] = (await here.rows('SELECT now() AS at')) as [{ at: Date }];
    await serveFolder(t, here, Object.fromEntries(files.map((file) => [file, file])));
    await here.run({ dataset: 'index_daily', task_id: 'later', fence: 2 });
    t.same(await differences(here, 'index_daily', now), [], 'and as they are');
    t.match(await wordsOf(here, 'index_daily.history'), /311 rows were restated \(row_revisions\)/);
    const kept = await here.db.query(
      `SELECT old_row, change, replaced_at FROM row_revisions WHERE dataset = 'index_daily'`,
    );
    t.same(
      kept.rows.map(({ old_row }) => textOf(old_row)).sort(),
      revisions
        .map(({ ts_code, trade_date }) => textOf(before.get(`${ts_code} ${trade_date}`) as CsvRow))
        .sort(),
      'all 311, whole, with their old values',
    );
    t.ok(kept.rows.every(({ change, replaced_at }) => change === 'changed' && replaced_at >= at));
  },
);

t.test('weights of an index, and members of the 298 concepts there were', { skip }, async (t) => {
  const here = await bench(t);
  await serveAll(t, here);
  const weights = rowsOf('index_weight/index_weight_399300.SZ.csv');
  await here.put('index_basic', [{ ts_code: '399300.SZ', market: 'SZSE' }]);
  const params = { start_date: '20200101', end_date: '20201231' };
  t.match(await here.run({ dataset: 'index_weight', params }), { records_processed: 600 });
  t.same(await differences(here, 'index_weight', weights), []);

  const members = rowsOf('concept_detail/concept_detail.csv');
  const task = { dataset: 'concept_detail', mode: 'full' } as const;
  await t.rejects(here.run(task), { message: /retired|ths_member/ }, 'TuShare has retired it');
  const { retired: _, ...dataset } = tableDataset('concept_detail');
  const codes = valuesOf(members, 'id').map((code) => ({ code, first: null, last: null }));
  const store = openStore(here.config, { applicationName: 'test' });
  t.teardown(() => store.close());
  const outcome = await runJob(here.context(taskOf({ ...task, fence: 2 })), store, {
    datasets: new Map([[dataset.name, dataset]]),
    batch_size: 50,
    plan: async () =>
      planUnits(
        dataset,
        'full',
        {},
        { open_dates: [], calendar: null, listings: [], codes: new Map([[dataset.fetch, codes]]) },
        new Date(),
      ).map((unit) => ({ dataset: dataset.name, ...unit })),
  });
  t.match(outcome, { records_processed: 11_402 });
  t.same(await differences(here, 'concept_detail', members), []);
});

t.test(
  'net values of funds: exact duplicates are stored once and counted, both versions of a day are kept',
  { skip },
  async (t) => {
    const here = await bench(t);
    const many = rowsOf('fund_nav/fund_nav.csv');
    const one = rowsOf('fund_nav/fund_nav_005918.OF.csv').map(({ end_date, ...row }) => ({
      ...row,
      nav_date: end_date ?? null,
    }));
    await serveFolder(t, here, { 'fund_nav/many.csv': 'fund_nav/fund_nav.csv', 'fund_nav/one.csv': one });
    const dates = [...valuesOf(many, 'nav_date'), ...valuesOf(one, 'nav_date')];
    await here.run({ dataset: 'fund_nav', mode: 'backfill', params: { dates } });
    t.same(await differences(here, 'fund_nav', [...many, ...one]), []);
    t.same(await here.rows('SELECT count(*) AS n FROM fund_nav'), [{ n: 7_496 + one.length }]);
    t.match(await wordsOf(here, 'fund_nav.backfill'), /rows of fund_nav came twice and were stored once/);
    const versions = await here.rows(
      `SELECT nav_date, count(*) FROM fund_nav WHERE ts_code = '005918.OF' GROUP BY 1 HAVING count(*) > 1`,
    );
    t.ok(versions.length > 0);
    t.same(
      await here.rows(
        `SELECT DISTINCT update_flag FROM fund_nav_latest WHERE ts_code = '005918.OF' AND nav_date = '${versions[0]?.nav_date}'`,
      ),
      [{ update_flag: '1' }],
    );
  },
);

t.test(
  'statements: rows that differ by update_flag only are both kept, the view shows the newer',
  { skip },
  async (t) => {
    const here = await bench(t);
    const indicators = rowsOf('fina_indicator/fina_indicator_002579.SZ.csv').map((row) => ({
      ...row,
      ann_date: String(row.ann_date).replaceAll('-', ''),
      end_date: String(row.end_date).replaceAll('-', ''),
    }));
    await serveFolder(t, here, {
      income: 'income',
      balancesheet: 'balancesheet',
      cashflow: 'cashflow',
      'fina_indicator/fina_indicator.csv': indicators,
    });
    for (const dataset of ['income', 'balancesheet', 'cashflow']) {
      const source = rowsOf(`${dataset}/${dataset}_600519.SH.csv`);
      await here.run({ dataset, params: { codes: ['600519.SH'] } });
      t.same(await differences(here, dataset, source), [], `${source.length} rows of ${dataset}`);
    }
    for (const dataset of ['income', 'cashflow']) {
      const flags = (table: string) =>
        here.rows(`SELECT update_flag FROM ${table} WHERE end_date = '20211231' ORDER BY 1`);
      t.same(await flags(dataset), [{ update_flag: '0' }, { update_flag: '1' }]);
      t.same(await flags(`${dataset}_latest`), [{ update_flag: '1' }]);
      t.same(await here.rows(`SELECT count(*) AS n FROM ${dataset}_latest`), [{ n: 4 }], 'one row a period');
    }
  },
);

t.test(
  'indicators: without the flag that tells two rows of a period apart none is stored, with it both are',
  { skip },
  async (t) => {
    const here = await bench(t);
    const rows = rowsOf('fina_indicator/fina_indicator_002579.SZ.csv').map((row) => ({
      ...row,
      ann_date: String(row.ann_date).replaceAll('-', ''),
      end_date: String(row.end_date).replaceAll('-', ''),
    }));
    const asRecorded = { dataset: 'fina_indicator', params: { codes: ['002579.SZ'] } };
    await serveFolder(t, here, { 'fina_indicator/fina_indicator.csv': rows });
    await here.run(asRecorded);
    t.match(await wordsOf(here, 'fina_indicator.history'), /1 failed \(sync_failure_records\)/);
    t.match(await here.rows('SELECT error_type, error_message FROM sync_failure_records'), [
      { error_type: 'data_rejected', error_message: /two different rows/ },
    ]);
    t.same(await here.rows('SELECT * FROM fina_indicator'), []);

    const flagged = rows.map((row, at) => ({
      ...row,
      update_flag: String(rows.slice(0, at).filter((other) => other.end_date === row.end_date).length),
    }));
    await serveFolder(t, here, { 'fina_indicator/fina_indicator.csv': flagged });
    await here.run({ ...asRecorded, task_id: 'flagged', fence: 2 });
    t.same(await differences(here, 'fina_indicator', flagged), []);
  },
);

/** The first of the rows with each key. */
function uniqueBy(rows: readonly CsvRow[], key: readonly string[]): CsvRow[] {
  const known = new Map<string, CsvRow>();
  for (const row of rows) {
    const name = key.map((member) => row[member]).join(' ');
    if (!known.has(name)) known.set(name, row);
  }
  return [...known.values()];
}

/** A row as one text, whatever wrote it: numbers as doubles, dates without dashes. */
function textOf(row: Record<string, unknown>): string {
  return [
    'ts_code',
    'trade_date',
    'open',
    'high',
    'low',
    'close',
    'pre_close',
    'change',
    'pct_chg',
    'vol',
    'amount',
  ]
    .map((name, at) => (at < 2 ? String(row[name]).replaceAll('-', '') : String(Number(row[name]))))
    .join(' ');
}
