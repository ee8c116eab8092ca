/** When tasks of an execution waited and ran. */
import type { TaskView } from '../../api/types.ts';

export type GanttTask = Pick<TaskView, 'job_type' | 'status' | 'created_at' | 'started_at' | 'completed_at'>;

/** What a task has waited and run by `now`, in ms; it begins `after` the first of all. */
export function spansOf(tasks: readonly GanttTask[], now: number) {
  const first = Math.min(...tasks.map(({ created_at }) => Date.parse(created_at)));
  return tasks.map(({ created_at, started_at, completed_at }) => {
    const [created, end] = [Date.parse(created_at), completed_at ? Date.parse(completed_at) : now];
    const started = started_at ? Date.parse(started_at) : end;
    return {
      after: created - first,
      waited: Math.max(0, started - created),
      ran: started_at ? Math.max(0, end - started) : 0,
    };
  });
}
