/** A migrated database, a small TuShare whose answers the test decides, and a run of the engine against both. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import type { Test } from 'tap';
import { type Config, loadConfig } from '../../src/config.ts';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import type { ClaimedTask } from '../../src/queue/task.ts';
import { applicationName } from '../../src/store/application-name.ts';
import { pgTypes } from '../../src/store/connection.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import type { RunContext, RunOutcome, TushareAnswer } from '../../src/sync/context.ts';
import { runSync } from '../../src/sync/run.ts';
import { migratedDatabase } from '../support/migrated-database.ts';

export type Row = Record<string, string | number | null>;
export interface Request {
  api_name: string;
  params: Record<string, string>;
  fields: string;
}
/** The rows of an answer; or an answer whose fields, rows and has_more the test gives itself. */
export type Answering = (request: Request) => Row[] | TushareAnswer | Promise<Row[] | TushareAnswer>;

type Program = (context: RunContext, store: Store) => Promise<RunOutcome>;

export interface Bench {
  config: Config;
  db: pg.Pool;
  /** Every request that has arrived, in order. */
  requests: Request[];
  answers: Answering;
  /** Where calls go: the small TuShare of this bench, unless the test names another. */
  tushareUrl: string;
  context(task: Partial<ClaimedTask>, given?: Partial<RunContext>): RunContext;
  /** @param program what the task's thread would run; the sync engine where it is left out. */
  run(task: Partial<ClaimedTask>, given?: Partial<RunContext>, program?: Program): Promise<RunOutcome>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  put(table: string, rows: Row[]): Promise<void>;
  /** Empties the tables and the list of requests, for a file whose tests share a bench: a new one takes a second. */
  clear(): Promise<void>;
}

export async function bench(t: Test, env: Record<string, string> = {}): Promise<Bench> {
  const { url } = await migratedDatabase(t);
  const config = loadConfig({ ...env, DATABASE_URL: url });
  const db = new pg.Pool({ connectionString: url, types: pgTypes, max: 2 });
  t.teardown(() => db.end());
  db.on('error', () => {});
  const requests: Request[] = [];
  const here: Bench = {
    config,
    db,
    requests,
    answers: () => [],
    tushareUrl: '',
    context: (task, given) => ({
      task: taskOf(task),
      supervisor_id: 'test',
      config,
      pause: new AbortController().signal,
      call: (api_name, params, fields) =>
        post(here.tushareUrl, api_name, params as Record<string, string>, fields),
      progress: () => {},
      checkpointed: () => {},
      statusOf: async () => null,
      ...given,
    }),
    async run(task, given, program = runSync) {
      // As a worker thread does: the connections of a run carry its fence.
      const store = openStore(config, { applicationName: applicationName(taskOf(task)) });
      t.teardown(() => store.close());
      return program(here.context(task, given), store).finally(() => store.close());
    },
    rows: async (sql) => (await db.query(sql)).rows,
    put: (table, rows) => insert(db, table, rows),
    async clear() {
      here.answers = () => [];
      requests.length = 0;
      const filled = await db.query<{ dataset: string }>('SELECT DISTINCT dataset FROM coverage');
      const tables = new Set([...ALWAYS_CLEARED, ...filled.rows.map(({ dataset }) => dataset)]);
      await db.query(`TRUNCATE ${[...tables].join(', ')}`);
    },
  };
  here.tushareUrl = await serve(t, here);
  return here;
}

const ALWAYS_CLEARED = [
  ...['sync_tasks', 'coverage', 'sync_failure_records', 'row_revisions', 'code_changes', 'job_fences'],
  ...['trade_cal', 'stock_basic', 'disclosure_date', 'fina_indicator'],
];

const catalogue = await loadCatalogue({ DATASETS_PATH: '' });
export const tableDataset = (name: string) => catalogue.get(name) as TableDataset;

export function taskOf(given: Partial<ClaimedTask>): ClaimedTask {
  const { dataset = 'daily', mode = 'history' } = given;
  return {
    task_id: `a ${dataset} ${mode}`,
    dataset,
    mode,
    job_type: `${dataset}.${mode}`,
    params: {},
    attempt: 0,
    max_attempts: 4,
    fence: 1,
    priority: 1,
    time_left_ms: 60_000,
    locked: false,
    ...given,
  };
}

/** Two weeks of January 2019: open on weekdays; and that many listed stocks. */
export async function smallMarket(here: Bench, stocks: number): Promise<{ codes: string[]; open: string[] }> {
  const days = Array.from({ length: 14 }, (_, index) => `201901${String(index + 7).padStart(2, '0')}`);
  const closed = new Set(['20190112', '20190113', '20190119', '20190120']);
  await here.put(
    'trade_cal',
    days.map((cal_date) => ({ exchange: 'SSE', cal_date, is_open: closed.has(cal_date) ? 0 : 1 })),
  );
  const codes = Array.from({ length: stocks }, (_, index) => `${String(600000 + index)}.SH`);
  await here.put(
    'stock_basic',
    codes.map((ts_code) => ({ ts_code, name: ts_code, list_status: 'L', list_date: '20000101' })),
  );
  return { codes, open: days.filter((day) => !closed.has(day)) };
}

/** One made-up bar; the numbers differ by stock and day. */
export function bar(ts_code: string, trade_date: string): Row {
  const n = Number(ts_code.slice(0, 6)) + Number(trade_date) / 7;
  const values = { open: n, high: n * 1.1, low: n / 3, close: n * 1.0001, pre_close: n - 0.1 };
  return { ts_code, trade_date, ...values, change: 0.1, pct_chg: 1e-7, vol: n * 1e6, amount: n * 1e3 };
}

/** Answers `daily` out of bars, by trade_date or start_date..end_date, ts_code and limit/offset, newest first. */
export function daily(codes: string[], open: string[], request: Request): Row[] {
  const { trade_date, start_date = trade_date, end_date = trade_date } = request.params;
  const { ts_code, limit, offset = '0' } = request.params;
  const named = ts_code && new Set(ts_code.split(','));
  const dates = open.filter((day) => day >= String(start_date) && day <= String(end_date)).reverse();
  const wanted = named ? codes.filter((code) => named.has(code)) : codes;
  const rows = dates.flatMap((day) => wanted.map((code) => bar(code, day)));
  return limit ? rows.slice(Number(offset), Number(offset) + Number(limit)) : rows;
}

/** Answers `daily_basic`, of which each day is a call and a unit of its own. */
export const dailyBasic = (codes: string[], open: string[], request: Request): Row[] =>
  daily(codes, open, request).map((row) => ({ ...row, total_mv: 1 }));

/** An answer by its rows: the fields are those of the first row. */
export function answer(rows: Row[], fields = Object.keys(rows[0] ?? { ts_code: '' })): TushareAnswer {
  return { fields, items: rows.map((row) => fields.map((field) => row[field] ?? null)), has_more: false };
}

async function serve(t: Test, here: Bench): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const asked = JSON.parse(Buffer.concat(chunks).toString()) as Request;
    here.requests.push(asked);
    const answered = await here.answers(asked);
    const data = Array.isArray(answered) ? answer(answered, asked.fields.split(',')) : answered;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ request_id: 'x', code: 0, msg: '', data }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function post(
  url: string,
  api_name: string,
  params: Record<string, string>,
  fields: readonly string[],
): Promise<TushareAnswer> {
  const body = JSON.stringify({ api_name, token: 'token', params, fields: fields.join(',') });
  const response = await fetch(url, { method: 'POST', body });
  return ((await response.json()) as { data: TushareAnswer }).data;
}

async function insert(db: pg.Pool, table: string, rows: Row[]): Promise<void> {
  await db.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(null::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}
