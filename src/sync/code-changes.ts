/**
 * Notices stocks whose code was replaced: 300114.SZ became 302132.SZ, 242 codes of Beijing became 920xxx.BJ in one
 * day. The list then has a new code with the first day of listing of one that is gone. What is stored under the old
 * code stays there; nothing is renamed, the change is recorded.
 */
import type { ClientBase } from 'pg';

/**
 * Compares the new stock list in `arrivals` with the stored one, before they are merged. A pair counts when the two
 * share the first day of listing and the name, or that day and the symbol (TuShare kept the old symbol for a day),
 * and each of them has only this one match.
 * @returns how many were noticed now
 */
export async function noticeCodeChanges(client: ClientBase, sync_task_id: string): Promise<number> {
  const noticed = await client.query(
    `WITH gone AS (
       SELECT ts_code, symbol, name, list_date FROM public.stock_basic AS stored
       WHERE NOT EXISTS (SELECT 1 FROM arrivals WHERE arrivals.ts_code = stored.ts_code)
         AND NOT EXISTS (SELECT 1 FROM code_changes WHERE old_code = stored.ts_code)
     ), come AS (
       SELECT ts_code, symbol, name, list_date FROM arrivals
       WHERE NOT EXISTS (SELECT 1 FROM public.stock_basic AS stored WHERE stored.ts_code = arrivals.ts_code)
     ), pair AS (
       SELECT gone.ts_code AS old_code, come.ts_code AS new_code, come.list_date,
         CASE WHEN gone.symbol = come.symbol THEN 'same_symbol' ELSE 'same_name' END AS reason,
         count(*) OVER (PARTITION BY gone.ts_code) AS for_old, count(*) OVER (PARTITION BY come.ts_code) AS for_new
       FROM gone JOIN come ON gone.list_date = come.list_date AND (gone.symbol = come.symbol OR gone.name = come.name)
     )
     INSERT INTO code_changes (old_code, new_code, list_date, reason, sync_task_id)
     SELECT old_code, new_code, list_date, reason, $1 FROM pair WHERE for_old = 1 AND for_new = 1
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
