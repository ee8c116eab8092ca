/**
 * Notices stocks whose code was replaced: 300114.SZ became 302132.SZ, 242 codes of Beijing became 920xxx.BJ in one
 * day. The list then has a new code with the first day of listing of one that is gone. What is stored under the old
 * code stays there; nothing is renamed, the change is recorded.
 */
import type { ClientBase } from 'pg';

/** A new code whose stock was listed so many days before the newest one is no new stock. */
const LISTED_LONG_AGO_DAYS = 30;

/**
 * Compares the new stock list in `arrivals` with the stored one, before they are merged. A pair counts when the two
 * share the first day of listing, and the symbol (TuShare kept the old one for a day) or the name; or where nothing
 * else fits, that day, long ago, and the exchange (300114.SZ changed its name with its code). Each of the two must
 * have only this one match.
 * @returns how many were noticed now
 */
export async function noticeCodeChanges(client: ClientBase, sync_task_id: string): Promise<number> {
  const noticed = await client.query(
    `WITH gone AS (
       SELECT ts_code, symbol, name, list_date FROM public.stock_basic AS stored
       WHERE NOT EXISTS (SELECT 1 FROM arrivals WHERE arrivals.ts_code = stored.ts_code)
         AND NOT EXISTS (SELECT 1 FROM code_changes WHERE old_code = stored.ts_code)
     ), come AS (
       SELECT ts_code, symbol, name, list_date,
         list_date < (SELECT max(list_date) FROM arrivals) - ${LISTED_LONG_AGO_DAYS} AS long_ago
       FROM arrivals
       WHERE NOT EXISTS (SELECT 1 FROM public.stock_basic AS stored WHERE stored.ts_code = arrivals.ts_code)
     ), pair AS (
       SELECT gone.ts_code AS old_code, come.ts_code AS new_code, come.list_date, long_ago
           AND split_part(gone.ts_code, '.', 2) = split_part(come.ts_code, '.', 2) AS same_exchange,
         CASE WHEN gone.symbol = come.symbol THEN 'same_symbol' WHEN gone.name = come.name THEN 'same_name'
           ELSE 'same_list_date' END AS reason
       FROM gone JOIN come ON gone.list_date = come.list_date
     ), likely AS (
       SELECT *, reason <> 'same_list_date' AS alike,
         bool_or(reason <> 'same_list_date') OVER (PARTITION BY old_code)
           OR bool_or(reason <> 'same_list_date') OVER (PARTITION BY new_code) AS has_alike
       FROM pair
     ), candidate AS (
       SELECT *, count(*) OVER (PARTITION BY old_code) AS for_old, count(*) OVER (PARTITION BY new_code) AS for_new
       FROM likely WHERE alike OR (same_exchange AND NOT has_alike)
     )
     INSERT INTO code_changes (old_code, new_code, list_date, reason, sync_task_id)
     SELECT old_code, new_code, list_date, reason, $1 FROM candidate WHERE for_old = 1 AND for_new = 1
     ON CONFLICT (old_code) DO NOTHING`,
    [sync_task_id],
  );
  return noticed.rowCount ?? 0;
}

/** How many a run noticed. */
export async function countCodeChanges(
  client: Pick<ClientBase, 'query'>,
  sync_task_id: string,
): Promise<number> {
  const { rows } = await client.query<{ changes: number }>(
    'SELECT count(*)::int AS changes FROM code_changes WHERE sync_task_id = $1',
    [sync_task_id],
  );
  return rows[0]?.changes ?? 0;
}
