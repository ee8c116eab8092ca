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

/** The same texts out of rows in the binary form of COPY, read as Postgres does. */
export function storedRows(columns: string[], copy: Buffer): Map<string, string> {
  const rows = new Map<string, string>();
  let at = 0;
  const take = (bytes: number) => {
    at += bytes;
    return copy.subarray(at - bytes, at);
  };
  while (at < copy.length) {
    const cells = new Map<string, unknown>();
    const count = take(2).readInt16BE();
    for (const name of columns.slice(0, count)) {
      const length = take(4).readInt32BE();
      cells.set(name, length < 0 ? null : cellOf(name, take(length)));
    }
    const line = [...cells].map(([name, value]) => `${name}=${value}`).join('|');
    rows.set(cells.get('ts_code') as string, line);
  }
  return rows;
}

const EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;

function cellOf(name: string, bytes: Buffer): string | number {
  const type = daily.fields.find((field) => field.name === name)?.type;
  if (type === 'double') return bytes.readDoubleBE();
  if (type === 'text') return bytes.toString();
  return new Date(EPOCH_MS + bytes.readInt32BE() * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}
