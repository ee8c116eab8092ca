/**
 * The history in Postgres (R29, D28): one row for every terminal state of a task or execution, by (id, attempt,
 * status). Redis is the truth about them for as long as it has them; this is for afterwards.
 */
import { DatabaseError } from 'pg';
import type { EndedExecution } from '../queue/audit-list.ts';
import type { Task } from '../queue/task.ts';
import type { Store } from './store.ts';

type ColumnType = 'text' | 'int' | 'smallint' | 'bigint' | 'double precision' | 'timestamptz' | 'json';
export interface HistoryTable<Row> {
  readonly name: string;
  readonly key: readonly (keyof Row & string)[];
  readonly columns: Partial<Record<keyof Row & string, ColumnType>>;
}

/** What is kept of a task. */
export const TASK_HISTORY: HistoryTable<Task> = {
  name: 'task_history',
  key: ['task_id', 'attempt', 'status'],
  columns: {
    task_id: 'text',
    attempt: 'int',
    status: 'text',
    dataset: 'text',
    mode: 'text',
    job_type: 'text',
    params: 'json',
    priority: 'smallint',
    sequence: 'bigint',
    max_attempts: 'int',
    losses: 'int',
    timeout_seconds: 'double precision',
    progress: 'double precision',
    progress_message: 'text',
    records_processed: 'bigint',
    created_at: 'timestamptz',
    updated_at: 'timestamptz',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
    deadline_at: 'timestamptz',
    stop_requested_at: 'timestamptz',
    last_error_type: 'text',
    error_message: 'text',
    error_detail: 'text',
    owner: 'text',
    fence: 'bigint',
    execution_id: 'text',
    key: 'text',
    retry_of: 'text',
  },
};

/** What is kept of an execution. */
export const EXECUTION_HISTORY: HistoryTable<EndedExecution> = {
  name: 'execution_history',
  key: ['execution_id', 'attempt', 'status'],
  columns: {
    execution_id: 'text',
    attempt: 'int',
    status: 'text',
    kind: 'text',
    label: 'text',
    sequence: 'bigint',
    total: 'int',
    completed: 'int',
    failed: 'int',
    cancelled: 'int',
    created_at: 'timestamptz',
    started_at: 'timestamptz',
    completed_at: 'timestamptz',
  },
};

/**
 * Stores rows, all or none; what is there already is written over with the same.
 * @throws the database's error; see {@link isRefusal}
 */
export async function saveHistory<Row extends object>(
  { pool }: Pick<Store, 'pool'>,
  table: HistoryTable<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  // One statement can't write a row twice.
  const once = new Map(rows.map((row) => [table.key.map((name) => row[name]).join(' '), row]));
  const given = [...once.values()].map((row) => toRow(table, row));
  await pool.query(saveStatement(table), [JSON.stringify(given)]);
}

/** Whether Postgres said that it can't hold what was given (SQLSTATE 22, 23, 54), rather than that it can't now. */
export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && /^(22|23|54)/.test(error.code ?? '');
}

/** Deletes up to `limit` rows that ended more than `days` ago. @returns how many */
export async function pruneHistory(
  { pool }: Pick<Store, 'pool'>,
  { name }: Pick<HistoryTable<never>, 'name'>,
  days: number,
  limit: number,
): Promise<number> {
  const pruned = await pool.query(
    `DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
       SELECT ctid FROM ${name} WHERE completed_at < now() - make_interval(days => $1)
       ORDER BY completed_at LIMIT $2 FOR UPDATE SKIP LOCKED))`,
    [days, limit],
  );
  return pruned.rowCount ?? 0;
}

export function columnsOf<Row>({ columns }: HistoryTable<Row>): [name: keyof Row & string, ColumnType][] {
  return Object.entries(columns) as [keyof Row & string, ColumnType][];
}

/** json travels as text: as a part of another JSON text some characters would be refused. */
function saveStatement<Row>(table: HistoryTable<Row>): string {
  const columns = columnsOf(table);
  const names = columns.map(([name]) => name);
  const given = columns.map(([name, type]) => `${name} ${type === 'json' ? 'text' : type}`);
  const taken = columns.map(([name, type]) => (type === 'json' ? `${name}::json` : name));
  const changed = names.filter((name) => !table.key.includes(name));
  return `INSERT INTO ${table.name} (${names.join(', ')})
    SELECT ${taken.join(', ')} FROM json_to_recordset($1) AS given (${given.join(', ')})
    ON CONFLICT (${table.key.join(', ')})
    DO UPDATE SET ${changed.map((name) => `${name} = excluded.${name}`).join(', ')}`;
}

function toRow<Row extends object>(table: HistoryTable<Row>, from: Row): Record<string, unknown> {
  const values = columnsOf(table).map(([name, type]) => {
    const value = from[name];
    if (type === 'timestamptz' && value !== null) return [name, new Date(value as number).toISOString()];
    return [name, type === 'json' ? JSON.stringify(value) : value];
  });
  return Object.fromEntries(values);
}
