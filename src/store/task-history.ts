/** Reads the history of tasks. */
import type { Task } from '../queue/task.ts';
import { fromHash } from '../queue/task-hash.ts';
import { fromRow, historyPage, namesOf, type PageQuery } from './history-page.ts';
import { TASK_HISTORY } from './history-tables.ts';
import type { Store } from './store.ts';

export interface HistoryQuery extends PageQuery {
  status?: string;
  job_type?: string;
  dataset?: string;
  execution_id?: string;
}

/** The last terminal state of a task, null when it is not known. */
export async function taskFromHistory({ pool }: Pick<Store, 'pool'>, task_id: string): Promise<Task | null> {
  const found = await pool.query(
    `SELECT ${namesOf(TASK_HISTORY)} FROM task_history WHERE task_id = $1 ORDER BY completed_at DESC LIMIT 1`,
    [task_id],
  );
  return found.rows.map((row) => whole(fromRow(TASK_HISTORY, row)))[0] ?? null;
}

/** Up to `limit` tasks, the last to end first. Costs the same on every page. */
export async function listHistory(
  store: Pick<Store, 'pool'>,
  { status, job_type, dataset, execution_id, ...page }: HistoryQuery,
): Promise<Task[]> {
  const equal = { status, job_type, dataset, execution_id };
  return (await historyPage(store, TASK_HISTORY, equal, page)).map(whole);
}

/**
 * Tasks of an execution as they ended last, in the order of submission: one that was retried is told as the task
 * that ran in its place.
 */
export async function tasksOfExecution(
  { pool }: Pick<Store, 'pool'>,
  execution_id: string,
  { offset, limit }: { offset: number; limit: number },
): Promise<Task[]> {
  const found = await pool.query(
    `WITH RECURSIVE own AS (
       SELECT * FROM task_history WHERE execution_id = $1
     ), run AS (
       SELECT task_id, sequence AS place FROM own
       WHERE retry_of IS NULL OR retry_of NOT IN (SELECT task_id FROM own)
       UNION
       SELECT own.task_id, run.place FROM own JOIN run ON own.retry_of = run.task_id
     )
     SELECT ${namesOf(TASK_HISTORY)} FROM own JOIN run USING (task_id)
     WHERE task_id NOT IN (SELECT retry_of FROM own WHERE retry_of IS NOT NULL)
     ORDER BY place LIMIT $2 OFFSET $3`,
    [execution_id, limit, offset],
  );
  return found.rows.map((row) => whole(fromRow(TASK_HISTORY, row)));
}

/** What the history doesn't keep has the value it has in a task that ended. */
function whole(task: Task): Task {
  return { ...fromHash(task.task_id, ['{}']), ...task };
}
