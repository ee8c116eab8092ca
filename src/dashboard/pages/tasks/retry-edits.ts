/** What a form changes of a task that is to run again: only that is sent. Pure. */
import type { TaskView } from '../../../api/task-view.ts';
import { readMore } from '../datasets/submission.ts';

export interface RetryForm {
  /** A JSON object. */
  params: string;
  priority: TaskView['priority'];
  max_attempts: number;
  timeout_seconds: number;
}
export type RetryEdits = Partial<Omit<RetryForm, 'params'>> & { params?: Record<string, unknown> };

type Old = Pick<TaskView, 'params' | 'priority' | 'max_attempts' | 'timeout_seconds'>;

export function editsOf(task: Old, form: RetryForm): RetryEdits {
  const params = readMore(form.params);
  const same = JSON.stringify(params) === JSON.stringify(task.params);
  return {
    ...(params && !same && { params }),
    ...(form.priority !== task.priority && { priority: form.priority }),
    ...(form.max_attempts !== task.max_attempts && { max_attempts: form.max_attempts }),
    ...(form.timeout_seconds !== task.timeout_seconds && { timeout_seconds: form.timeout_seconds }),
  };
}
