/**
 * An execution: tasks that were submitted together, with what they wait for among themselves (R36).
 *
 *   pending ──first claim──▶ running ──the last task has ended──▶ completed | failed | cancelled
 *      └───all cancelled──▶ cancelled      ▲─────────────── retry ──────────────┘
 *
 * failed: a task failed for good; cancelled: none failed, but one was cancelled. A failed attempt with attempts left
 * is neither failed nor finished (R37). Times are ms by the clock of Redis.
 */
import type { NewTask, Task, TaskStatus } from './task.ts';

/** What it was submitted as: a list of tasks, a group of datasets, or a backfill day by day. */
export const EXECUTION_KINDS = ['tasks', 'group', 'backfill'] as const;
export type ExecutionKind = (typeof EXECUTION_KINDS)[number];

/** Tasks of one execution at most: its scripts touch each of them: 50 to 75 ms of Redis, measured on two busy cores. */
export const EXECUTION_TASKS_AT_MOST = 1000;
/** Dependencies among them at most. */
export const DEPENDENCIES_AT_MOST = 5000;

export interface Execution {
  execution_id: string;
  kind: ExecutionKind;
  /** For people: which datasets. */
  label: string;
  status: TaskStatus;
  sequence: number;
  /** How often it has ended: a retry lets it go on, and end once more. */
  attempt: number;
  total: number;
  /** Its tasks by status; a task that was retried counts as the new one alone. */
  counts: Record<TaskStatus, number>;
  created_at: number;
  updated_at: number;
  started_at: number | null;
  completed_at: number | null;
}

/** A task in an execution. */
export interface ExecutionTask extends Task {
  /** The tasks that must complete before it starts. */
  depends_on: string[];
}

/** A task to submit, with the places in the list of those it needs; all of them stand before it. */
export interface PlannedTask {
  task: NewTask;
  key?: string | null;
  needs: readonly number[];
}
