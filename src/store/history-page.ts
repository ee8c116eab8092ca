/** Reads pages of a history table: the last to end first, at the same cost on every page. */
import { columnsOf, type HistoryTable } from './history-tables.ts';
import type { Store } from './store.ts';

/** What every row has, beside the id that its table names first in its key. */
export interface Ended {
  attempt: number;
  status: string;
  completed_at: number | null;
}

/** A row's place in the order of the list. */
export interface HistoryPlace {
  completed_at: number;
  id: string;
  attempt: number;
  status: string;
}

export interface PageQuery {
  /** What the id begins with. */
  id?: string | undefined;
  /** Ended at this moment or later, ISO 8601. */
  from?: string | undefined;
  /** Ended before this moment. */
  to?: string | undefined;
  /** Rows older than this one only: where the page before ended. */
  after?: HistoryPlace | undefined;
  limit: number;
}

/** The names of a table's columns, for a SELECT whose rows {@link fromRow} reads. */
export function namesOf<Row>(table: HistoryTable<Row>): string {
  return columnsOf(table)
    .map(([name]) => name)
    .join(', ');
}

/** A row as it went in: moments are ms again. */
export function fromRow<Row>(table: HistoryTable<Row>, row: Record<string, unknown>): Row {
  const values = columnsOf(table).map(([name, type]) => {
    const value = row[name];
    return [name, type === 'timestamptz' ? ((value as Date | null)?.getTime() ?? null) : value];
  });
  return Object.fromEntries(values) as Row;
}

/** @param equal columns and what they must hold; undefined: whatever they hold */
export async function historyPage<Row extends Ended>(
  { pool }: Pick<Store, 'pool'>,
  table: HistoryTable<Row>,
  equal: Partial<Record<keyof Row & string, string | undefined>>,
  { id: begins, from, to, after, limit }: PageQuery,
): Promise<Row[]> {
  const id = table.key[0];
  const values: unknown[] = [];
  const place = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  for (const [name, value] of Object.entries(equal)) {
    if (value !== undefined) conditions.push(`${name} = ${place(value)}`);
  }
  if (begins !== undefined) conditions.push(`starts_with(${id}, ${place(begins)})`);
  if (from !== undefined) conditions.push(`completed_at >= ${place(from)}::timestamptz`);
  if (to !== undefined) conditions.push(`completed_at < ${place(to)}::timestamptz`);
  if (after) {
    const last = [new Date(after.completed_at), after.id, after.attempt, after.status];
    conditions.push(`(completed_at, ${id}, attempt, status) < (${last.map(place).join(', ')})`);
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const found = await pool.query(
    `SELECT ${namesOf(table)} FROM ${table.name} ${where}
     ORDER BY completed_at DESC, ${id} DESC, attempt DESC, status DESC LIMIT ${place(limit)}`,
    values,
  );
  return found.rows.map((row) => fromRow(table, row));
}
