/** Reads the history of executions: one row for every time that one ended. */
import type { EndedExecution } from '../queue/audit-list.ts';
import type { Execution, ExecutionKind } from '../queue/execution.ts';
import { fromRow, historyPage, namesOf, type PageQuery } from './history-page.ts';
import { EXECUTION_HISTORY } from './history-tables.ts';
import type { Store } from './store.ts';

export interface ExecutionHistoryQuery extends PageQuery {
  status?: string;
  kind?: string;
}

/** How an execution ended last, null when that is not known. */
export async function executionFromHistory(
  { pool }: Pick<Store, 'pool'>,
  execution_id: string,
): Promise<Execution | null> {
  const found = await pool.query(
    `SELECT ${namesOf(EXECUTION_HISTORY)} FROM execution_history WHERE execution_id = $1
     ORDER BY completed_at DESC, attempt DESC LIMIT 1`,
    [execution_id],
  );
  return found.rows.map((row) => whole(fromRow(EXECUTION_HISTORY, row)))[0] ?? null;
}

/** Up to `limit` ends of executions, the last first. Costs the same on every page. */
export async function listExecutionHistory(
  store: Pick<Store, 'pool'>,
  { status, kind, ...page }: ExecutionHistoryQuery,
): Promise<Execution[]> {
  return (await historyPage(store, EXECUTION_HISTORY, { status, kind }, page)).map(whole);
}

/** When it ended, nothing of it waited or ran, and it changed for the last time. */
function whole({ completed, failed, cancelled, ...row }: EndedExecution): Execution {
  return {
    ...row,
    kind: row.kind as ExecutionKind,
    counts: { pending: 0, running: 0, completed, failed, cancelled },
    updated_at: row.completed_at,
  };
}
