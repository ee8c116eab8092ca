/**
 * A task as the API tells it: the fields of src/queue/task.ts, with times as ISO 8601 in UTC and the priority
 * by name. A task that waits for its retry is `pending` with attempt > 0 and next_run_at (decision D11).
 */
import { type Static, type TSchema, Type } from 'typebox';
import type { Submitted } from '../queue/submit.ts';
import { PRIORITIES, type PriorityName, TASK_MODES, TASK_STATUSES, type Task } from '../queue/task.ts';
import { WAITING_REASONS, type Waiting } from '../queue/waiting.ts';

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const instant = (description: string) => Type.String({ format: 'date-time', description });
const instantOrNull = (description: string) => Type.Union([instant(description), Type.Null()]);

export const PRIORITY_NAMES = Object.keys(PRIORITIES) as PriorityName[];

export const TaskViewSchema = Type.Object({
  task_id: Type.String(),
  dataset: Type.String(),
  mode: Type.Enum([...TASK_MODES]),
  job_type: Type.String({ description: '<dataset>.<mode>; one of a type runs at a time.' }),
  params: Type.Unknown(),
  status: Type.Enum([...TASK_STATUSES]),
  priority: Type.Enum(PRIORITY_NAMES),
  sequence: Type.Integer({ description: 'Number of the submission; the queue is served in this order.' }),
  position: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Tasks ahead of it in the queues; null when it does not stand in one.',
  }),
  attempt: Type.Integer({ description: 'Attempts that have ended; 0 at first.' }),
  max_attempts: Type.Integer(),
  losses: Type.Integer({ description: 'Supervisors lost in a row while running it.' }),
  timeout_seconds: Type.Number(),
  progress: Type.Number({ minimum: 0, maximum: 100, description: 'Percent.' }),
  progress_message: nullable(Type.String()),
  records_processed: Type.Integer({ description: 'Rows stored so far.' }),
  created_at: instant('When it was submitted.'),
  updated_at: instant('When anything about it changed last.'),
  started_at: instantOrNull('When the present or last attempt began.'),
  completed_at: instantOrNull('When it reached its final state.'),
  deadline_at: instantOrNull('When its thread is ended.'),
  next_run_at: instantOrNull('When it may run next (waiting for a retry, or closed call window).'),
  stop_requested_at: instantOrNull('When somebody wished that it ends; its thread is being terminated.'),
  last_error_type: nullable(Type.String()),
  error_message: nullable(Type.String({ description: 'At most 2,000 characters.' })),
  error_detail: nullable(Type.String()),
  owner: nullable(Type.String({ description: 'The supervisor that runs it.' })),
  fence: nullable(Type.Integer()),
  execution_id: nullable(Type.String()),
  key: nullable(Type.String({ description: 'Its name within the execution.' })),
  retry_of: nullable(Type.String()),
  retried_as: nullable(Type.String({ description: 'The task that runs in its place since a manual retry.' })),
});
export type TaskView = Static<typeof TaskViewSchema>;

const WaitingSchema = Type.Object({
  reason: Type.Enum([...WAITING_REASONS]),
  message: Type.String({ description: 'One sentence for people.' }),
  until: instantOrNull('It can not start before this moment; null when the moment is not known.'),
  blocked_by: nullable(Type.String({ description: 'The task that is in its way.' })),
});

export const LEFT_QUEUE = Type.Boolean({
  description:
    'The history tells it; 7 days after its end the queue no longer has it, and it can not be run again.',
});

/** One task by its id: as in lists, and why it waits. */
export const SingleTaskSchema = Type.Object({
  ...TaskViewSchema.properties,
  waiting: Type.Union([WaitingSchema, Type.Null()], {
    description: 'Why it is pending; null when it is not.',
  }),
  left_queue: LEFT_QUEUE,
});
export type SingleTask = Static<typeof SingleTaskSchema>;

export function singleTask(task: Task, position: number | null, waiting: Waiting | null): SingleTask {
  return {
    ...taskView(task, position),
    waiting: waiting && { ...waiting, until: isoOrNull(waiting.until) },
    left_queue: false,
  };
}

/** @param position tasks ahead of it in the queues, null when it doesn't stand in one */
export function taskView(task: Task, position: number | null): TaskView {
  return {
    ...task,
    priority: priorityName(task.priority),
    position,
    created_at: iso(task.created_at),
    updated_at: iso(task.updated_at),
    started_at: isoOrNull(task.started_at),
    completed_at: isoOrNull(task.completed_at),
    deadline_at: isoOrNull(task.deadline_at),
    next_run_at: isoOrNull(task.next_run_at),
    stop_requested_at: isoOrNull(task.stop_requested_at),
  };
}

/** What a submission is answered with, before anything of it has run. */
export const SubmittedSchema = Type.Object({
  ...Type.Pick(TaskViewSchema, [
    'task_id',
    'dataset',
    'mode',
    'job_type',
    'params',
    'priority',
    'max_attempts',
    'timeout_seconds',
    'execution_id',
  ]).properties,
  status: Type.Literal('pending'),
});
export type SubmittedView = Static<typeof SubmittedSchema>;

export function submittedView(task: Submitted): SubmittedView {
  const {
    task_id,
    dataset,
    mode,
    job_type,
    params,
    max_attempts,
    timeout_seconds,
    execution_id = null,
  } = task;
  const priority = priorityName(task.priority);
  return {
    task_id,
    dataset,
    mode,
    job_type,
    params,
    priority,
    max_attempts,
    timeout_seconds,
    execution_id,
    status: 'pending',
  };
}

function priorityName(priority: number): PriorityName {
  return PRIORITY_NAMES.find((name) => PRIORITIES[name] === priority) ?? 'normal';
}

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));
