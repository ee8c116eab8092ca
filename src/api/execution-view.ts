/** An execution as the API tells it: the fields of src/queue/execution.ts, with times as ISO 8601 in UTC. */
import { type Static, Type } from 'typebox';
import { EXECUTION_KINDS, type Execution, type ExecutionTask } from '../queue/execution.ts';
import type { SubmittedExecution } from '../queue/submit-execution.ts';
import { TASK_STATUSES, type Task } from '../queue/task.ts';
import { SubmittedSchema, submittedView, TaskViewSchema, taskView } from './task-view.ts';

const instant = (description: string) => Type.String({ format: 'date-time', description });
const instantOrNull = (description: string) => Type.Union([instant(description), Type.Null()]);
const count = Type.Integer({ minimum: 0 });

export const ExecutionViewSchema = Type.Object({
  execution_id: Type.String(),
  kind: Type.Enum([...EXECUTION_KINDS]),
  label: Type.String({ description: 'Which job types.' }),
  status: Type.Enum([...TASK_STATUSES], {
    description: 'failed: a task failed for good; cancelled: none failed, but one was cancelled.',
  }),
  total: Type.Integer(),
  counts: Type.Object(
    { pending: count, running: count, completed: count, failed: count, cancelled: count },
    { description: 'Its tasks by status. A failed attempt with attempts left is pending.' },
  ),
  attempt: Type.Integer({ description: 'How often it has ended; a retry lets it end once more.' }),
  created_at: instant('When it was submitted.'),
  updated_at: instant('When a task of it changed its status last.'),
  started_at: instantOrNull('When its first task began.'),
  completed_at: instantOrNull('When its last task ended.'),
});
export type ExecutionView = Static<typeof ExecutionViewSchema>;

const dependsOn = Type.Array(Type.String(), { description: 'Tasks that must complete before it starts.' });

/** A task of an execution. */
export const ExecutionTaskSchema = Type.Object({
  ...TaskViewSchema.properties,
  depends_on: Type.Union([dependsOn, Type.Null()], {
    description:
      'Tasks that must complete before it starts; null: the history tells it, which does not keep them.',
  }),
});
export type ExecutionTaskView = Static<typeof ExecutionTaskSchema>;

export const SubmittedExecutionSchema = Type.Object({
  ...Type.Pick(ExecutionViewSchema, ['execution_id', 'kind', 'label', 'total']).properties,
  status: Type.Literal('pending'),
  tasks: Type.Array(
    Type.Object({
      ...SubmittedSchema.properties,
      key: Type.Union([Type.String(), Type.Null()]),
      depends_on: dependsOn,
    }),
  ),
});
export type SubmittedExecutionView = Static<typeof SubmittedExecutionSchema>;

export function executionView(execution: Execution): ExecutionView {
  const { sequence: _internal, ...told } = execution;
  return {
    ...told,
    created_at: iso(execution.created_at),
    updated_at: iso(execution.updated_at),
    started_at: isoOrNull(execution.started_at),
    completed_at: isoOrNull(execution.completed_at),
  };
}

export function executionTaskView({ depends_on, ...task }: ExecutionTask): ExecutionTaskView {
  return { ...taskView(task, null), depends_on };
}

export function pastTaskView(task: Task): ExecutionTaskView {
  return { ...taskView(task, null), depends_on: null };
}

export function submittedExecutionView(submitted: SubmittedExecution): SubmittedExecutionView {
  const { execution_id, kind, label, tasks } = submitted;
  return {
    execution_id,
    kind,
    label,
    status: 'pending',
    total: tasks.length,
    tasks: tasks.map((task) => ({
      ...submittedView({ ...task, created: true }),
      key: task.key,
      depends_on: task.depends_on,
    })),
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
