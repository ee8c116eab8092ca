/**
 * Tasks to and from their Redis hash. What has its default is not stored, and `dataset` and `mode` are not when
 * they are the two parts of `job_type`: a queued task stays small, and its hash a listpack.
 */
import { fromFields } from './fields.ts';
import type { RawClaim, RawTask } from './scripts.ts';
import type { ClaimedTask, NewTask, Priority, Task, TaskMode, TaskParams, TaskStatus } from './task.ts';

/** What a hash leaves out (lua/shared/fields.lua has the same): TUSHARE_MAX_RETRIES + 1, and 30 min. */
const DEFAULTS = { status: 'pending', max_attempts: 4, timeout_seconds: 1800 } as const;

/** The ten arguments of submit.lua. */
export function toArguments(task: NewTask & { task_id: string }): (string | number)[] {
  const derived = task.job_type === `${task.dataset}.${task.mode}`;
  return [
    task.task_id,
    task.job_type,
    task.priority,
    task.max_attempts,
    task.timeout_seconds,
    JSON.stringify(task.params),
    derived ? '' : task.dataset,
    derived ? '' : task.mode,
    task.execution_id ?? '',
    task.retry_of ?? '',
  ];
}

function datasetAndMode(job_type: string, dataset: string | null, mode: string | null) {
  const dot = job_type.lastIndexOf('.');
  return {
    dataset: dataset || job_type.slice(0, dot),
    mode: (mode || job_type.slice(dot + 1)) as TaskMode,
  };
}

/** A task from the reply of read.lua or list.lua. */
export function fromHash(task_id: string, raw: RawTask): Task {
  const { text, number } = fromFields(raw.slice(1));
  const job_type = text('job_type') ?? '';
  const created_at = number('created_at') ?? 0;
  return {
    task_id,
    ...datasetAndMode(job_type, text('dataset'), text('mode')),
    job_type,
    params: JSON.parse(raw[0] ?? '{}') as TaskParams,
    status: (text('status') ?? DEFAULTS.status) as TaskStatus,
    priority: (number('priority') ?? 1) as Priority,
    sequence: number('sequence') ?? 0,
    attempt: number('attempt') ?? 0,
    max_attempts: number('max_attempts') ?? DEFAULTS.max_attempts,
    losses: number('losses') ?? 0,
    timeout_seconds: number('timeout_seconds') ?? DEFAULTS.timeout_seconds,
    progress: number('progress') ?? 0,
    progress_message: text('progress_message'),
    records_processed: number('records_processed') ?? 0,
    created_at,
    updated_at: number('updated_at') ?? created_at,
    started_at: number('started_at'),
    completed_at: number('completed_at'),
    deadline_at: number('deadline_at'),
    next_run_at: number('next_run_at'),
    stop_requested_at: number('stop_requested_at'),
    last_error_type: text('last_error_type'),
    error_message: text('error_message'),
    error_detail: text('error_detail'),
    owner: text('owner'),
    fence: number('fence'),
    execution_id: text('execution_id'),
    key: text('key'),
    retry_of: text('retry_of'),
    retried_as: text('retried_as'),
  };
}

/** A claimed task from the reply of claim.lua or finish.lua. */
export function fromClaim(raw: RawClaim): ClaimedTask {
  const [
    task_id,
    job_type,
    dataset,
    mode,
    params,
    attempt,
    max_attempts,
    fence,
    time_left_ms,
    priority,
    locked,
  ] = raw;
  return {
    task_id,
    ...datasetAndMode(job_type, dataset, mode),
    job_type,
    params: JSON.parse(params) as TaskParams,
    priority: priority as Priority,
    attempt: Number(attempt),
    max_attempts: Number(max_attempts),
    fence,
    time_left_ms,
    locked: locked === 1,
  };
}
