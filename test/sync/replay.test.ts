/** 280 days of the real stock list, one by one through the engine: what changed is recorded, what emptied it is refused. */
import { readFileSync } from 'node:fs';
import t from 'tap';
import { openStore } from '../../src/store/store.ts';
import { runSync } from '../../src/sync/run.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { realData, skipWithoutRealData as skip } from '../support/real-data.ts';
import { realRows } from '../support/real-rows.ts';
import { answer, bench, type Row } from './support.ts';

const FOLDER = 'stock_basic/history';
const COLUMNS = ['ts_code', 'symbol', 'name', 'area', 'industry', 'list_date', 'delist_date', 'list_status'];
type Stock = Record<string, string | null>;
type Change = {
  at: string;
  op: 'add' | 'change' | 'remove' | 'empty_answer';
  ts_code: string;
  row: Stock;
  diff: Record<string, [string, string]>;
};

/** A row of the files as TuShare answers it: the status under its own name, '' as null. */
const answered = (row: Stock): Stock =>
  Object.fromEntries(COLUMNS.map((name) => [name, row[name === 'list_status' ? 'status' : name] || null]));

/** The changes by snapshot, in order. */
function snapshots(): Change[][] {
  const lines = readFileSync(`${realData}/${FOLDER}/changes.jsonl`, 'utf8').trim().split('\n');
  const byTime = Map.groupBy(
    lines.map((line) => JSON.parse(line) as Change),
    ({ at }) => at,
  );
  return [...byTime.values()];
}

t.test('the stock list of 2024-06-20 to 2026-03-04, day by day', { skip, timeout: 200_000 }, async (t) => {
  const here = await bench(t);
  /** What TuShare would answer now; and what the table must hold: rows that went are kept. */
  const list = new Map(realRows(`${FOLDER}/base_20240620.csv.gz`).map((row) => [row.ts_code, answered(row)]));
  const kept = new Map(list);
  here.answers = ({ params: { list_status } }) =>
    answer([...list.values()].filter((row) => row.list_status === list_status) as Row[], COLUMNS);
  const store = openStore(here.config, { applicationName: 'replay' });
  t.teardown(() => store.close());
  let number = 0;
  const run = () => {
    const ids = { task_id: `day ${++number}`, fence: number };
    return here.run({ dataset: 'stock_basic', mode: 'full', ...ids }, {}, (context) =>
      runSync(context, store),
    );
  };
  await run();
  let revised = 0;
  let refused = 0;
  const removed: string[] = [];
  for (const changes of snapshots()) {
    if (changes[0]?.op === 'empty_answer') {
      const { answers } = here;
      here.answers = () => [];
      await t.rejects(run(), { type: 'data_rejected', message: /answered no row at all; the 5\d{3} rows/ });
      here.answers = answers;
      refused++;
      continue;
    }
    for (const { op, ts_code, row, diff } of changes) {
      const known = kept.get(ts_code);
      if (op === 'remove') {
        list.delete(ts_code);
        removed.push(ts_code);
        continue;
      }
      const now = op === 'add' ? answered(row) : { ...(list.get(ts_code) as Stock), ...changed(diff) };
      if (known && JSON.stringify(known) !== JSON.stringify(now)) revised++;
      list.set(ts_code, now);
      kept.set(ts_code, now);
    }
    await run();
  }

  t.ok(number >= 277, `${number} snapshots`);
  t.equal(refused, 2, 'the two empty ones');
  const stored = await here.rows(
    `SELECT ts_code, symbol, name, area, industry, to_char(list_date, 'YYYYMMDD') AS list_date,
       to_char(delist_date, 'YYYYMMDD') AS delist_date, list_status FROM stock_basic`,
  );
  t.equal(stored.length, kept.size);
  t.same(
    stored.filter((row) => JSON.stringify(row) !== JSON.stringify(kept.get(String(row.ts_code)))),
    [],
    'every value as it was answered last; nothing is ever lost',
  );
  t.ok(removed.length >= 251 && removed.every((code) => kept.has(code)), 'codes that went are kept');
  t.ok(stored.filter((row) => row.list_status === 'D').length > 320, 'delisted stocks are kept');

  const revisions = await here.rows(
    `SELECT change, count(*) AS rows, count(DISTINCT replaced_at) > 200 AS on_their_days FROM row_revisions GROUP BY 1`,
  );
  t.same(revisions, [{ change: 'changed', rows: revised, on_their_days: true }], 'each with the old values');
  t.ok(revised >= 1600, `${revised} revisions`);
  t.match(
    await here.rows(`SELECT old_row->>'name' AS name FROM row_revisions WHERE key->>'ts_code' = '000002.SZ'`),
    [{ name: '万科A' }],
  );

  const replaced = await here.rows(
    'SELECT old_code, new_code, reason FROM code_changes ORDER BY noticed_at, old_code',
  );
  const of = (old_code: string) => replaced.find((change) => change.old_code === old_code)?.new_code;
  t.equal(of('300114.SZ'), '302132.SZ');
  t.equal(of('T00018.SH'), 'TS0018.SH');
  t.equal(
    replaced.filter(({ new_code }) => String(new_code).startsWith('920')).length,
    248,
    '242 in a day and 6 before',
  );
  t.equal(replaced.length, 250);
  t.match(
    await here.rows(
      `SELECT max(config->>'reason') AS words FROM sync_tasks WHERE config->>'reason' LIKE '%242 codes%'`,
    ),
    [{ words: /242 codes were replaced by others \(code_changes\)/ }],
    'and said at the end of the run',
  );

  const api = await startApi(t, { DATABASE_URL: here.config.DATABASE_URL, REDIS_ENABLED: 'false' });
  for (const code of ['300114.SZ', '302132.SZ'])
    t.match((await api.get(`/api/v1/code-changes?code=${code}`)).body.data, {
      changes: [{ old_code: '300114.SZ', new_code: '302132.SZ', list_date: /^2010/, noticed_at: String }],
      total: 1,
    });
  const page = (await api.get('/api/v1/code-changes?limit=3&offset=248')).body.data;
  t.match(page, { total: 250, limit: 3, offset: 248 });
  t.equal(page.changes.length, 2);
  const shown = await dayline(t, ['code-changes', '302132.SZ'], { DAYLINE_URL: api.url });
  t.match(shown.stdout, /^300114\.SZ +302132\.SZ +2010\d{4}/m, shown.stderr);
});

const changed = (diff: Change['diff']): Stock =>
  Object.fromEntries(
    Object.entries(diff).map(([name, [, now]]) => [name === 'status' ? 'list_status' : name, now || null]),
  );
