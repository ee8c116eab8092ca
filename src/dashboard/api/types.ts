/** The shapes of the API's answers, from the schemas that the API itself checks them with. Types only. */
import type { DatasetSummary } from '../../api/datasets.ts';
import type { ExecutionTaskView, ExecutionView } from '../../api/execution-view.ts';
import type { SupervisorView } from '../../api/supervisors.ts';
import type { TaskView } from '../../api/task-view.ts';

export type { CoverageAnswer } from '../../api/coverage.ts';
export type { DatasetSummary } from '../../api/datasets.ts';
export type { ExecutionTaskView, ExecutionView, SubmittedExecutionView } from '../../api/execution-view.ts';
export type { Health } from '../../api/health.ts';
export type { Limits } from '../../api/limits.ts';
export type { Plan } from '../../api/plan.ts';
export type { SupervisorView } from '../../api/supervisors.ts';
export type { TaskRuns } from '../../api/task-runs.ts';
export type { SingleTask, SubmittedView, TaskView } from '../../api/task-view.ts';
export type { SubmittedTask } from '../../api/tasks.ts';

export type TaskStatus = TaskView['status'];
export const TASK_STATUSES = [
  'pending',
  'running',
  'completed',
  'failed',
  'cancelled',
] as const satisfies TaskStatus[];
export const ENDED_STATUSES = ['completed', 'failed', 'cancelled'] as const satisfies TaskStatus[];

interface Page {
  total: number;
  limit: number;
  offset: number;
}
/** Tasks of a status, or all: what more is asked for is searched (found.ts), and nobody counts it. */
export interface TaskPage extends Page {
  tasks: TaskView[];
  next_cursor: string | null;
}
export interface ExecutionPage extends Page {
  executions: ExecutionView[];
  next_cursor: string | null;
}
export interface ExecutionDetail extends ExecutionView {
  tasks: ExecutionTaskView[];
  left_queue: boolean;
  limit: number;
  offset: number;
}
export interface Supervisors {
  supervisors: SupervisorView[];
}
export interface Datasets {
  datasets: DatasetSummary[];
}
export interface DatasetField {
  name: string;
  type: string;
  comment: string;
  comment_zh: string | null;
  unit: string | null;
  required: boolean;
}
export interface DatasetDetail extends DatasetSummary {
  fields: DatasetField[];
  key: string[];
  date_field: string | null;
  fetched_by: string | null;
  calls_per_minute: number | null;
  history_start: string | null;
  published_at: string | null;
  use_instead: string[];
  documentation: string | null;
}

/** Body of POST /tasks. */
export interface Submission {
  dataset: string;
  mode?: string;
  params?: Record<string, unknown>;
  priority?: string;
}
