/** Failures of one kind belong together: the same error of the same type, whatever numbers stand in its message. */
import type { TaskView } from '../../api/types.ts';

export interface FailureGroup {
  key: string;
  errorType: string;
  jobType: string;
  /** The message of the newest. */
  message: string;
  count: number;
  newest: Pick<TaskView, 'task_id' | 'updated_at'>;
}

/** Ids, dates, codes and amounts differ from task to task; what is left is the kind. */
const fingerprint = (message: string): string => message.replace(/[\w.-]*\d[\w.:-]*/g, '#').slice(0, 160);

/** @param tasks failed ones, newest first @returns the largest group first */
export function groupFailures(tasks: TaskView[]): FailureGroup[] {
  const groups = new Map<string, FailureGroup>();
  for (const task of tasks) {
    const errorType = task.last_error_type ?? 'unknown';
    const message = task.error_message ?? '';
    const key = `${task.job_type} ${errorType} ${fingerprint(message)}`;
    const known = groups.get(key);
    if (known) known.count += 1;
    else groups.set(key, { key, errorType, jobType: task.job_type, message, count: 1, newest: task });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}
