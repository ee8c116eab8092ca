/**
 * Recorded rows of TuShare, served by the simulator out of a folder that a test puts together, and held against what
 * stands in Postgres: the comparison reads the files and the tables itself, and shares nothing with the engine.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Test } from 'tap';
import { startSimulator } from '../../src/simulator/index.ts';
import { quoted } from '../../src/store/sql.ts';
import { freshFolder } from '../support/folder.ts';
import { realData } from '../support/real-data.ts';
import { realRows } from '../support/real-rows.ts';
import type { Bench } from './support.ts';

/** A row as its file has it: an empty cell is null. */
export type CsvRow = Record<string, string | null>;
/** What a file of a served folder holds: rows, or the recorded file (or folder) of this name as it is. */
export type Content = readonly CsvRow[] | string;

const RECORDED = {
  'stock_basic/stock_basic_L_D_202603.csv': 'stock_basic/stock_basic_L_D_202603.csv',
  trade_cal: 'trade_cal',
};

/** Has the simulator serve a folder of these files; the recorded calendar and stock list where none are named. */
export async function serveFolder(
  t: Test,
  here: Bench,
  contents: Readonly<Record<string, Content>>,
): Promise<void> {
  const folder = freshFolder(t, 'recorded');
  const named = (folder: string) => Object.keys(contents).some((name) => name.startsWith(folder));
  const all = { ...RECORDED, ...(named('daily/') ? {} : { 'daily/by_ts_code/none.csv': [] }), ...contents };
  for (const [name, content] of Object.entries(all)) {
    const place = path.join(folder, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    if (typeof content === 'string') fs.symlinkSync(path.join(realData as string, content), place);
    else fs.writeFileSync(place, csvOf(content));
  }
  await serve(t, here, folder);
}

/** Has the simulator serve all there is. */
export const serveAll = (t: Test, here: Bench): Promise<void> => serve(t, here, realData as string);

async function serve(t: Test, here: Bench, data: string): Promise<void> {
  const simulator = await startSimulator({ data, perMinuteLimit: 0 });
  t.teardown(() => simulator.stop());
  here.tushareUrl = simulator.url;
}

function csvOf(rows: readonly CsvRow[]): string {
  const names = Object.keys(rows[0] ?? { ts_code: '', trade_date: '' });
  return [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    .map((cells) => cells.join())
    .join('\n');
}

/** Fills calendar and stock list from what is served. */
export async function syncReference(here: Bench): Promise<void> {
  await here.run({ dataset: 'stock_basic', mode: 'full' });
  await here.run({ dataset: 'trade_cal', mode: 'full' });
}

/** Asks the simulator for a fault. */
export async function addFault(here: Bench, rule: object): Promise<void> {
  await fetch(`${here.tushareUrl}/_control/faults`, { method: 'POST', body: JSON.stringify(rule) });
}

/** The calls that arrived, in order, of one API. */
export async function callsOf(
  here: Bench,
  api_name: string,
): Promise<{ params: Record<string, string>; rows: number }[]> {
  const log = await (await fetch(`${here.tushareUrl}/_control/log`)).json();
  return (log as { api_name: string; params: Record<string, string>; rows: number }[]).filter(
    (call) => call.api_name === api_name,
  );
}

/**
 * What is not the same in the table and in the rows of the source, each row once, value for value: texts as texts,
 * numbers as the same double, dates as days. Columns that the source lacks must be null.
 * @param where SQL that chooses rows of the table
 * @returns the first few differences in words; empty when they are equal
 */
export async function differences(
  here: Bench,
  table: string,
  source: readonly CsvRow[],
  where = 'true',
): Promise<string[]> {
  const types = await here.db.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = $1 ORDER BY 1`,
    [table],
  );
  const wanted = new Map<string, CsvRow>();
  for (const row of source) wanted.set(lineOf(types.rows, row), row);
  const stored = await here.db.query(`SELECT * FROM ${quoted(table)} WHERE ${where}`);
  const found: string[] = [];
  for (const row of stored.rows) {
    const line = lineOf(types.rows, row);
    if (!wanted.delete(line)) found.push(`stored without a source: ${line}`);
  }
  for (const line of wanted.keys()) found.push(`not stored: ${line}`);
  return found.slice(0, 6).map((line) => line.slice(0, SHOWN));
}
const SHOWN = 400;

function lineOf(columns: readonly { name: string; type: string }[], row: Record<string, unknown>): string {
  return columns.map(({ name, type }) => `${name}=${cellOf(type, row[name])}`).join('|');
}

function cellOf(type: string, value: unknown): string {
  if (value === null || value === undefined) return '∅';
  if (type === 'double precision' || type === 'bigint') return String(Number(value));
  return type === 'date' ? String(value).replaceAll('-', '') : String(value);
}

/** The recorded rows of several files. */
export const rowsOf = (...files: string[]): CsvRow[] => files.flatMap((file) => realRows(file));

/** The different values of a column, sorted. */
export const valuesOf = (rows: readonly CsvRow[], name: string): string[] =>
  [...new Set(rows.map((row) => String(row[name])))].sort();

/** What the last run of a dataset said when it ended. */
export async function wordsOf(here: Bench, job_type: string): Promise<string> {
  const { rows } = await here.db.query(
    `SELECT config->>'reason' AS reason FROM sync_tasks WHERE job_type = $1 ORDER BY updated_at DESC LIMIT 1`,
    [job_type],
  );
  return String(rows[0]?.reason ?? '');
}
