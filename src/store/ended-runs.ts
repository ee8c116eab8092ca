/** The rows of sync_tasks whose run could say nothing at its end, because its thread or supervisor was killed. */
import type { Task } from '../queue/task.ts';
import type { Store } from './store.ts';

type EndedTask = Pick<Task, 'task_id' | 'status' | 'started_at' | 'last_error_type'>;

/**
 * Sets the rows that still say RUNNING to PAUSED, with the reason: what they committed stays, and another submission
 * of the same history goes on with it (D1). Done again it changes nothing.
 * @param tasks tasks in a terminal state
 */
export async function pauseEndedRuns(
  { pool }: Pick<Store, 'pool'>,
  tasks: readonly EndedTask[],
): Promise<void> {
  const ended = tasks.filter(({ status, started_at }) => status !== 'completed' && started_at !== null);
  if (ended.length === 0) return;
  await pool.query(
    `UPDATE sync_tasks SET status = 'PAUSED', updated_at = now(),
       config = (config::jsonb || jsonb_build_object('reason', reason))::json
     FROM unnest($1::text[], $2::text[]) AS ended (task_id, reason)
     WHERE sync_tasks.status = 'RUNNING' AND config->>'task_id' = task_id`,
    [ended.map(({ task_id }) => task_id), ended.map(reasonOf)],
  );
}

const reasonOf = ({ status, last_error_type }: EndedTask): string =>
  status === 'cancelled' ? 'its task was stopped' : `its task failed: ${last_error_type}`;
