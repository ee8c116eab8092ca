/**
 * Brings the rows in `arrivals` into the table of their dataset. Rows that are as they were cost no write. What is
 * restated or taken back goes into row_revisions first, so that nothing TuShare ever said is lost.
 */
import { type ClientBase, DatabaseError } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { TaskError } from '../errors.ts';
import { quoted } from '../store/sql.ts';

const UNIQUE_VIOLATION = '23505';
const SAME_ROW_TWICE = '21000';

export interface Merged {
  /** Rows that were new or changed. */
  written: number;
  /** Rows of before that were changed or deleted; each is in row_revisions. */
  revised: number;
}

/**
 * A plain INSERT where the ledger knows none of the partitions, or the table none of the rows (twice as fast), else a
 * merge.
 * @throws TaskError data_rejected when two units of the batch hold one key.
 */
export async function mergeArrivals(
  client: ClientBase,
  dataset: TableDataset,
  columns: string[],
  partitionsAreNew: boolean,
  sync_task_id: string,
): Promise<Merged> {
  if (partitionsAreNew || !(await someAreStored(client, dataset))) {
    await client.query('SAVEPOINT plain_insert');
    try {
      const inserted = await client.query(insertSql(dataset, columns));
      return { written: inserted.rowCount ?? 0, revised: 0 };
    } catch (error) {
      if (!isCode(error, UNIQUE_VIOLATION)) throw error;
      await client.query('ROLLBACK TO SAVEPOINT plain_insert');
    }
  }
  try {
    const merged = await client.query<Merged>(mergeSql(dataset, columns), [dataset.name, sync_task_id]);
    return merged.rows[0] as Merged;
  } catch (error) {
    if (!isCode(error, SAME_ROW_TWICE)) throw error;
    throw new TaskError(
      'data_rejected',
      `${dataset.name}: two units of one batch hold the same key; the next attempt asks again`,
    );
  }
}

/**
 * Deletes the stored rows that fit the condition and are not in `arrivals`, and keeps them as revisions.
 * @param among SQL about `stored`, of columns from the catalogue; its parameters start at $3.
 * @returns how many
 */
export async function deleteVanished(
  client: ClientBase,
  dataset: TableDataset,
  sync_task_id: string,
  among: string,
  values: unknown[],
): Promise<number> {
  const deleted = await client.query(
    `WITH gone AS (
       DELETE FROM public.${quoted(dataset.name)} AS stored
       WHERE (${among}) AND NOT EXISTS (SELECT 1 FROM arrivals WHERE ${sameKey(dataset)}) RETURNING stored.*
     )
     INSERT INTO row_revisions (dataset, change, key, old_row, sync_task_id)
     SELECT $1, 'deleted', ${keyJson(dataset, 'gone')}, to_jsonb(gone), $2 FROM gone`,
    [dataset.name, sync_task_id, ...values],
  );
  return deleted.rowCount ?? 0;
}

/** Whether the table has a row for any that arrived: a day that was late may be known and have none. */
async function someAreStored(client: ClientBase, dataset: TableDataset): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT 1 FROM arrivals JOIN public.${quoted(dataset.name)} AS stored ON ${sameKey(dataset)} LIMIT 1`,
  );
  return rowCount !== 0;
}

/** SQL: `stored` and `arrivals` have the same key. */
export function sameKey({ key, nullable_key = [] }: TableDataset): string {
  return key
    .map((name) => {
      const equal = nullable_key.includes(name) ? 'IS NOT DISTINCT FROM' : '=';
      return `stored.${quoted(name)} ${equal} arrivals.${quoted(name)}`;
    })
    .join(' AND ');
}

/**
 * One comparison with the table, then three things out of it: rows that are as they were are left alone (a conflict
 * would lock each of them, which is a write), those that are about to change are copied, the others are brought in.
 */
function mergeSql(dataset: TableDataset, columns: string[]): string {
  const key = dataset.key.map(quoted).join(', ');
  const list = columns.map(quoted).join(', ');
  const others = columns.filter((name) => !dataset.key.includes(name)).map(quoted);
  const of = (from: string) => `(${others.map((name) => `${from}.${name}`).join(', ')})`;
  const change = others.length
    ? `DO UPDATE SET ${others.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}
       WHERE ${of('stored')} IS DISTINCT FROM ${of('EXCLUDED')}`
    : 'DO NOTHING';
  return `WITH different AS MATERIALIZED (
      SELECT ${columns.map((name) => `arrivals.${quoted(name)}`).join(', ')}, stored.ctid AS place, stored AS old_row
      FROM arrivals LEFT JOIN public.${quoted(dataset.name)} AS stored ON ${sameKey(dataset)}
      WHERE stored.ctid IS NULL
        ${others.length ? `OR ${of('stored')} IS DISTINCT FROM ${of('arrivals')}` : ''}
    ), kept AS (
      INSERT INTO row_revisions (dataset, change, key, old_row, sync_task_id)
      SELECT $1, 'changed', ${keyJson(dataset, 'different')}, to_jsonb(old_row), $2
      FROM different WHERE place IS NOT NULL RETURNING 1
    ), merged AS (
      INSERT INTO public.${quoted(dataset.name)} AS stored (${list})
      SELECT ${list} FROM different ORDER BY ${key} ON CONFLICT (${key}) ${change} RETURNING 1
    )
    SELECT (SELECT count(*) FROM merged)::int AS written, (SELECT count(*) FROM kept)::int AS revised`;
}

const keyJson = ({ key }: TableDataset, from: string): string =>
  `jsonb_build_object(${key.map((name) => `'${name}', ${from}.${quoted(name)}`).join(', ')})`;

/** In the order of the key, so that two writers of one table never wait for each other in a circle. */
function insertSql(dataset: TableDataset, columns: string[]): string {
  const list = columns.map(quoted).join(', ');
  return `INSERT INTO public.${quoted(dataset.name)} AS stored (${list})
    SELECT ${list} FROM arrivals ORDER BY ${dataset.key.map(quoted).join(', ')}`;
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof DatabaseError && error.code === code;
