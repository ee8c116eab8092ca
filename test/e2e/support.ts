/** Comparing what stands in Postgres with the recorded files it came from: every row, every value. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import type pg from 'pg';

type CsvRow = Record<string, string>;

/** The records of a CSV file of the recorded data, gzipped or not. */
export async function* readCsv(path: string): AsyncGenerator<CsvRow> {
  const file = createReadStream(path);
  const text = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  yield* text.pipe(parse({ columns: true })) as AsyncIterable<CsvRow>;
}

export interface Comparison {
  rows: number;
  /** The first few differences, in words; empty when source and table are equal. */
  differences: string[];
}

const NUMBERS = ['open', 'high', 'low', 'close', 'pre_close', 'change', 'pct_chg', 'vol', 'amount'];
const DIFFERENCES_SHOWN = 10;

/** Compares the table `daily` with the whole-market files of a year, month by month and value for value. */
export async function compareDaily(database: pg.Client, folder: string, year: string): Promise<Comparison> {
  const months = join(folder, 'daily/by_month_whole_market');
  const files = (await readdir(months)).filter((name) => name.startsWith(`daily_${year}`)).sort();
  const differences: string[] = [];
  let rows = 0;
  for (const file of files) {
    const month = /_(\d{6})\./.exec(file)?.[1] as string;
    const stored = await storedMonth(database, month);
    for await (const source of readCsv(join(months, file))) {
      rows += 1;
      const key = `${source.ts_code} ${source.trade_date}`;
      const found = stored.get(key);
      stored.delete(key);
      if (!found) differences.push(`${key} is missing`);
      else differences.push(...valueDifferences(key, source, found));
    }
    for (const key of stored.keys()) differences.push(`${key} has no source`);
  }
  return { rows, differences: differences.slice(0, DIFFERENCES_SHOWN) };
}

async function storedMonth(database: pg.Client, month: string): Promise<Map<string, (number | null)[]>> {
  const { rows } = await database.query({
    text: `SELECT ts_code || ' ' || to_char(trade_date, 'YYYYMMDD'), ${NUMBERS.join(', ')} FROM daily
           WHERE trade_date >= to_date($1 || '01', 'YYYYMMDD')
             AND trade_date < to_date($1 || '01', 'YYYYMMDD') + interval '1 month'`,
    values: [month],
    rowMode: 'array',
  });
  return new Map(rows.map(([key, ...values]) => [key, values]));
}

function valueDifferences(key: string, source: CsvRow, found: (number | null)[]): string[] {
  return NUMBERS.flatMap((name, n) => {
    const wanted = source[name] === '' ? null : Number(source[name]);
    return Object.is(found[n], wanted) ? [] : [`${key} ${name}: ${found[n]} instead of ${wanted}`];
  });
}

/** Compares columns of a table with the rows of CSV files, as text; dates are YYYYMMDD and null is empty. */
export async function compareText(
  database: pg.Client,
  select: string,
  paths: string[],
  wanted: (row: CsvRow) => string[],
): Promise<Comparison> {
  const { rows } = await database.query({ text: select, rowMode: 'array' });
  const stored = new Set(rows.map((row) => row.map((value) => value ?? '').join('|')));
  const differences: string[] = [];
  let count = 0;
  for (const path of paths) {
    for await (const row of readCsv(path)) {
      count += 1;
      const line = wanted(row).join('|');
      if (!stored.delete(line)) differences.push(`missing: ${line}`);
    }
  }
  for (const line of stored) differences.push(`without a source: ${line}`);
  return { rows: count, differences: differences.slice(0, DIFFERENCES_SHOWN) };
}
