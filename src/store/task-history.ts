/** Reads the history of tasks. */
import type { Task } from '../queue/task.ts';
import { fromHash } from '../queue/task-hash.ts';
import { columnsOf, TASK_HISTORY } from './history-tables.ts';
import type { Store } from './store.ts';

const COLUMNS = columnsOf(TASK_HISTORY);
const NAMES = COLUMNS.map(([name]) => name).join(', ');

export interface HistoryQuery {
  status?: string;
  job_type?: string;
  dataset?: string;
  execution_id?: string;
  /** Ended at this moment or later, ISO 8601. */
  from?: string;
  /** Ended before this moment. */
  to?: string;
  /** Rows older than this one only: where the page before ended. */
  after?: HistoryPlace;
  limit: number;
}
/** A row's place in the order of the list. */
export type HistoryPlace = Pick<Task, 'task_id' | 'attempt' | 'status'> & { completed_at: number };

/** The last terminal state of a task, null when it is not known. */
export async function taskFromHistory({ pool }: Pick<Store, 'pool'>, task_id: string): Promise<Task | null> {
  const found = await pool.query(
    `SELECT ${NAMES} FROM task_history WHERE task_id = $1 ORDER BY completed_at DESC LIMIT 1`,
    [task_id],
  );
  return found.rows.map(toTask)[0] ?? null;
}

/** Up to `limit` tasks, the last to end first. Costs the same on every page. */
export async function listHistory({ pool }: Pick<Store, 'pool'>, query: HistoryQuery): Promise<Task[]> {
  const values: unknown[] = [];
  const conditions: string[] = [];
  const demand = (condition: (...places: string[]) => string, ...given: unknown[]) => {
    if (given[0] === undefined) return;
    conditions.push(condition(...given.map((value) => `$${values.push(value)}`)));
  };
  for (const name of ['status', 'job_type', 'dataset', 'execution_id'] as const) {
    demand((value) => `${name} = ${value}`, query[name]);
  }
  demand((value) => `completed_at >= ${value}::timestamptz`, query.from);
  demand((value) => `completed_at < ${value}::timestamptz`, query.to);
  const { after } = query;
  if (after) {
    demand(
      (...place) => `(completed_at, task_id, attempt, status) < (${place.join(', ')})`,
      new Date(after.completed_at),
      after.task_id,
      after.attempt,
      after.status,
    );
  }
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  const found = await pool.query(
    `SELECT ${NAMES} FROM task_history ${where}
     ORDER BY completed_at DESC, task_id DESC, attempt DESC, status DESC LIMIT $${values.push(query.limit)}`,
    values,
  );
  return found.rows.map(toTask);
}

/** What the history doesn't keep has the value it has in a task that ended. */
function toTask(row: Record<string, unknown>): Task {
  const task: Record<string, unknown> = { ...fromHash(row.task_id as string, ['{}']), ...row };
  for (const [name, type] of COLUMNS) {
    if (type === 'timestamptz') task[name] = (row[name] as Date | null)?.getTime() ?? null;
  }
  return task as unknown as Task;
}
