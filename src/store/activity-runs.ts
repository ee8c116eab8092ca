/** When each task that ended in a span of time ran, and where. */
import type { Span } from './activity.ts';
import type { Store } from './store.ts';

export interface EndedRun {
  task_id: string;
  job_type: string;
  status: string;
  last_error_type: string | null;
  /** The supervisor that ran it; null: it was lost. */
  owner: string | null;
  /** Start of the last attempt. */
  started_at: Date;
  completed_at: Date;
}

/** The last to end first, at most so many. @throws the database's error */
export async function endedRuns(
  { pool }: Pick<Store, 'pool'>,
  { from, to }: Span,
  limit: number,
): Promise<EndedRun[]> {
  const { rows } = await pool.query<EndedRun>(
    `SELECT task_id, job_type, status, last_error_type, owner, started_at, completed_at FROM task_history
     WHERE completed_at >= $1 AND completed_at < $2 AND started_at IS NOT NULL
     ORDER BY completed_at DESC LIMIT $3`,
    [new Date(from), new Date(to), limit],
  );
  return rows;
}
