/** Whether another history of the same type runs (D1, R89, R103). */
import { TaskError } from '../errors.ts';
import type { ClaimedTask } from '../queue/task.ts';
import type { Store } from '../store/store.ts';
import type { RunContext } from './context.ts';
import { syncJobType } from './sync-task.ts';

/**
 * A cheap look before anything of another owner is ended. A row RUNNING with a fresh heartbeat is another run, unless
 * the queue says that its task does not run: it was stopped, or its thread or supervisor was killed. The heartbeat
 * alone decides where the queue knows nothing of that task, because Redis was emptied.
 * @param staleMinutes minutes without a heartbeat after which a row is stale (SYNC_TASK_STALE_TIMEOUT_MINUTES)
 * @param statusOf what the queue says of a task; null when it can't say
 * @throws TaskError already_running
 */
export async function refuseWhileAnotherRuns(
  store: Store,
  task: ClaimedTask,
  staleMinutes: number,
  statusOf: RunContext['statusOf'],
): Promise<void> {
  if (task.mode !== 'history') return;
  const { rows } = await store.pool.query<{ id: string; task_id: string }>(
    `SELECT id, config->>'task_id' AS task_id FROM sync_tasks
     WHERE job_type = $1 AND status = 'RUNNING' AND config->>'task_id' <> $2
       AND updated_at > now() - make_interval(mins => $3)`,
    [syncJobType(task.job_type), task.task_id, staleMinutes],
  );
  for (const { id, task_id } of rows) {
    const status = await statusOf(task_id);
    if (status !== null && status !== 'running') continue;
    throw new TaskError(
      'already_running',
      `${task.job_type} is running already: sync task ${id} of task ${task_id} showed a heartbeat ` +
        `within the last ${staleMinutes} minutes; wait for its end, or stop it`,
    );
  }
}
