/**
 * The vocabulary of the queue: what a task is, and what its fields are called in Redis, in the API and in the UI.
 *
 *   pending ──claim──▶ running ──finish──▶ completed | failed
 *      ▲  │               │
 *      │  └──cancel──▶ cancelled ◀─ stop
 *      └── retry | handed_back | closed ──┘
 *   and pending ──▶ failed, when a prerequisite in its execution failed for good (execution.ts)
 *
 * Times are milliseconds since the epoch by the clock of Redis (TIME), in UTC.
 */

export const TASK_STATUSES = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];
export const TERMINAL_STATUSES: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];

/** 0 high (a person waits), 1 normal (schedules), 2 low (backfills). */
export const PRIORITIES = { high: 0, normal: 1, low: 2 } as const;
export type PriorityName = keyof typeof PRIORITIES;
export type Priority = (typeof PRIORITIES)[PriorityName];

export const TASK_MODES = ['incremental', 'backfill', 'history', 'full'] as const;
export type TaskMode = (typeof TASK_MODES)[number];

export type TaskParams = Record<string, unknown>;

/** What a submission puts into the queue. `job_type` is `<dataset>.<mode>`: one of a type runs at a time. */
export interface NewTask {
  /** Given by callers that must be able to repeat a submission (schedules); else a random one. */
  task_id?: string;
  dataset: string;
  mode: TaskMode;
  job_type: string;
  params: TaskParams;
  priority: Priority;
  max_attempts: number;
  timeout_seconds: number;
  execution_id?: string;
  retry_of?: string;
}

/** A task as it stands in Redis. */
export interface Task {
  task_id: string;
  dataset: string;
  mode: TaskMode;
  job_type: string;
  params: TaskParams;
  status: TaskStatus;
  priority: Priority;
  sequence: number;
  /** Attempts that have ended; 0 at first. */
  attempt: number;
  max_attempts: number;
  /** Supervisors lost in a row while running this task; back to 0 at every checkpoint. */
  losses: number;
  timeout_seconds: number;
  /** 0..100, never falling while the task runs. */
  progress: number;
  progress_message: string | null;
  records_processed: number;
  created_at: number;
  updated_at: number;
  /** Start of the present attempt; kept over a hand-back, null while a retry waits. */
  started_at: number | null;
  completed_at: number | null;
  deadline_at: number | null;
  next_run_at: number | null;
  /** Somebody wished that this run ends: its supervisor terminates the thread, then it is cancelled. */
  stop_requested_at: number | null;
  last_error_type: string | null;
  error_message: string | null;
  error_detail: string | null;
  owner: string | null;
  fence: number | null;
  execution_id: string | null;
  /** Its name within the execution. */
  key: string | null;
  retry_of: string | null;
  /** The task that runs in its place since a manual retry. */
  retried_as: string | null;
}

/** What a supervisor gets when it claims a task: all a thread needs to run it. */
export interface ClaimedTask {
  task_id: string;
  dataset: string;
  mode: TaskMode;
  job_type: string;
  params: TaskParams;
  priority: Priority;
  attempt: number;
  max_attempts: number;
  /** Raised by every claim of this job type; writes with a lower one are refused, in Redis and in Postgres. */
  fence: number;
  /** Milliseconds of running time left until the deadline. */
  time_left_ms: number;
  /** Its job type was locked with the claim. */
  locked: boolean;
}

/** How an attempt ended, as the supervisor reports it to the queue. */
export type Outcome =
  | { kind: 'completed'; records_processed: number }
  | { kind: 'failed'; error_type: string; error_message: string; error_detail?: string }
  | { kind: 'retry'; delay_ms: number; error_type: string; error_message: string; error_detail?: string }
  /** Back to pending without using up an attempt: shutdown or a refused lock. */
  | { kind: 'handed_back'; delay_ms: number; reason: string }
  /** Back to pending without using up an attempt: the call window is closed for long. */
  | { kind: 'closed'; delay_ms: number; reason: string }
  /** Its thread was terminated because a stop was wished; what it has checkpointed stays. */
  | { kind: 'cancelled' };
