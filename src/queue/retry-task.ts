/**
 * A manual retry (D12, R54): a task that failed or was cancelled runs once more, as a new task with every parameter
 * of the old one and `retry_of`. An automatic retry keeps the id (R53). The checks are those of a submission.
 */
import { ApiError } from '../errors.ts';
import { useQueue } from './access.ts';
import { newTask, type SubmitDeps } from './submit.ts';
import { PRIORITIES, type PriorityName, type Task, type TaskParams } from './task.ts';

/** What may differ from the old task; all of it stays when left out. */
export interface RetryEdits {
  params?: TaskParams;
  priority?: PriorityName;
  max_attempts?: number;
  timeout_seconds?: number;
}

/**
 * @returns the new task
 * @throws ApiError QUEUE_UNAVAILABLE, TASK_NOT_FOUND, TASK_NOT_RETRYABLE (not failed or cancelled, retried already,
 * or held up by a prerequisite), and what a submission throws
 */
export function retryTask(deps: SubmitDeps, task_id: string, edits: RetryEdits = {}): Promise<Task> {
  return useQueue(deps, async (queue) => {
    const old = await queue.get(task_id);
    if (!old)
      throw new ApiError(
        'TASK_NOT_FOUND',
        `There is no task ${task_id}; finished tasks are kept for 7 days.`,
      );
    const { dataset, mode } = old;
    const checked = newTask(deps, { dataset, mode, params: edits.params ?? old.params });
    return queue.retry(task_id, {
      ...(edits.params && { params: checked.params }),
      ...(edits.priority && { priority: PRIORITIES[edits.priority] }),
      ...(edits.max_attempts && { max_attempts: edits.max_attempts }),
      ...(edits.timeout_seconds && { timeout_seconds: edits.timeout_seconds }),
    });
  });
}
