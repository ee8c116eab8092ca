/** Which codes a day of a dataset has and lacks, and which days a code has. Tables and columns come from declarations. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { quoted } from './sql.ts';

type Client = Pick<ClientBase, 'query'>;

/** A listed stock without a row of the day. */
export interface MissingCode {
  ts_code: string;
  name: string | null;
  list_date: string;
}

export interface DayCodes {
  listed: number;
  present: number;
  /** Suspended for the whole day and without a row; null: suspend_d does not have the day. */
  suspended: number | null;
  missing: MissingCode[];
  missing_total: number;
}

/** Suspended for a whole day; whether suspend_d has the day stands in the ledger. */
const SUSPENDED = `SELECT DISTINCT ts_code FROM public.suspend_d
  WHERE trade_date = $1::text::date AND suspend_type = 'S' AND suspend_timing IS NULL`;

/**
 * The stocks listed on a day against the rows of a dataset. One whose code was replaced counts until that was noticed.
 * @param column the column of the day
 * @param limit missing codes that are named at most
 */
export async function dayCodes(
  client: Client,
  dataset: Pick<TableDataset, 'name'>,
  column: string,
  date: string,
  limit: number,
): Promise<DayCodes> {
  const { rows } = await client.query<Omit<DayCodes, 'suspended'> & { suspended: number; known: boolean }>(
    `WITH listed AS (
       SELECT ts_code, name, list_date FROM public.stock_basic
       LEFT JOIN (SELECT old_code, noticed_at FROM code_changes) AS change ON old_code = ts_code
       WHERE list_date <= $1::text::date
         AND coalesce(delist_date, (noticed_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity') > $1::text::date
     ), present AS (
       SELECT DISTINCT ts_code FROM public.${quoted(dataset.name)} WHERE ${quoted(column)} = $1::text::date
     ), without AS (
       SELECT listed.*, suspended.ts_code IS NOT NULL AS is_suspended FROM listed
       LEFT JOIN (${SUSPENDED}) AS suspended USING (ts_code)
       WHERE ts_code NOT IN (SELECT ts_code FROM present WHERE ts_code IS NOT NULL)
     ), named AS (
       SELECT ts_code, name, to_char(list_date, 'YYYYMMDD') AS list_date FROM without
       WHERE NOT is_suspended ORDER BY ts_code LIMIT $2
     )
     SELECT (SELECT count(*)::int FROM listed) AS listed, (SELECT count(*)::int FROM present) AS present,
       (SELECT count(*)::int FROM without WHERE is_suspended) AS suspended,
       (SELECT count(*)::int FROM without WHERE NOT is_suspended) AS missing_total,
       (SELECT coalesce(json_agg(named), '[]') FROM named) AS missing,
       EXISTS (SELECT 1 FROM coverage WHERE dataset = 'suspend_d' AND partition = $1 AND state = 'complete') AS known`,
    [date, limit],
  );
  const { known, suspended, ...counts } = rows[0] as (typeof rows)[0];
  return { ...counts, suspended: known ? suspended : null };
}

/** What is known of a code's days. */
export interface CodeDays {
  name: string | null;
  list_date: string | null;
  delist_date: string | null;
  /** Days with a row, in order. */
  present: string[];
  /** Days on which it was suspended as a whole. */
  suspended: string[];
}

/** @param column the column of the day */
export async function codeDays(
  client: Client,
  dataset: Pick<TableDataset, 'name'>,
  column: string,
  ts_code: string,
): Promise<CodeDays> {
  const listing = await client.query<Pick<CodeDays, 'name' | 'list_date' | 'delist_date'>>(
    `SELECT name, to_char(list_date, 'YYYYMMDD') AS list_date, to_char(delist_date, 'YYYYMMDD') AS delist_date
     FROM public.stock_basic WHERE ts_code = $1`,
    [ts_code],
  );
  const days = async (sql: string) =>
    (await client.query<{ date: string }>(sql, [ts_code])).rows.map(({ date }) => date);
  return {
    ...(listing.rows[0] ?? { name: null, list_date: null, delist_date: null }),
    present: await days(
      `SELECT DISTINCT to_char(${quoted(column)}, 'YYYYMMDD') AS date FROM public.${quoted(dataset.name)}
       WHERE ts_code = $1 ORDER BY 1`,
    ),
    suspended: await days(
      `SELECT DISTINCT to_char(trade_date, 'YYYYMMDD') AS date FROM public.suspend_d
       WHERE ts_code = $1 AND suspend_type = 'S' AND suspend_timing IS NULL ORDER BY 1`,
    ),
  };
}
