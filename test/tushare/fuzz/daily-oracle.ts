/** What the sync engine may make of rows of `daily`: every value as it was answered, or a typed error. */
import daily from '../../../src/datasets/daily-close/daily.ts';
import type { TushareAnswer } from '../../../src/sync/context.ts';
import { DAY } from './contents.ts';

const REQUIRED = ['ts_code', 'trade_date', 'open', 'high', 'low', 'close', 'vol', 'amount'];
const KEY = ['ts_code', 'trade_date'];

/** The rows that must be stored, as `name=value` texts by code; null: this answer must be refused. */
export function wantedRows({ fields, items }: TushareAnswer): Map<string, string> | null {
  const rows = new Map<string, string>();
  if (items.length === 0) return rows;
  if (REQUIRED.some((name) => !fields.includes(name))) return null;
  for (const item of items) {
    const known = daily.fields.filter(({ name }) => fields.includes(name));
    const cells = known.map(({ name, type }) => ({ name, type, value: item[fields.indexOf(name)] }));
    if (!cells.every(isUsable)) return null;
    const line = cells.map(({ name, value }) => `${name}=${value === 0 ? 0 : value}`).join('|');
    const code = item[fields.indexOf('ts_code')] as string;
    if ((rows.get(code) ?? line) !== line) return null;
    rows.set(code, line);
  }
  return rows;
}

function isUsable({ name, type, value }: { name: string; type: string; value: unknown }): boolean {
  if (name === 'trade_date') return value === DAY;
  if (value === null) return !KEY.includes(name);
  if (type === 'text') return typeof value === 'string' && !value.includes('\0') && value.isWellFormed();
  return typeof value === 'number' && Number.isFinite(value);
}

/** The same texts out of lines of COPY. */
export function storedRows(columns: string[], lines: Iterable<string>): Map<string, string> {
  const rows = new Map<string, string>();
  for (const line of lines) {
    const cells = line.split('\t').map((cell, i) => {
      const name = columns[i] as string;
      const type = daily.fields.find((field) => field.name === name)?.type;
      const value = cell === '\\N' ? null : type === 'double' ? Number(cell) : unescaped(cell);
      return { name, value };
    });
    const code = cells.find(({ name }) => name === 'ts_code')?.value as string;
    rows.set(code, cells.map(({ name, value }) => `${name}=${value}`).join('|'));
  }
  return rows;
}

const SIGNS: Record<string, string> = { t: '\t', n: '\n', r: '\r' };
const unescaped = (cell: string) => cell.replace(/\\(.)/g, (_, sign: string) => SIGNS[sign] ?? sign);
