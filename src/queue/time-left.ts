/** How long something that runs will still take, at its pace so far. One rule for the CLI and the page. */
import type { TaskStatus } from './task.ts';

/** Below and above these shares the pace says little. */
const SHARE_FROM = 0.01;
const SHARE_TO = 0.99;
/** Of a few tasks one takes seconds and another an hour: how many have ended says nothing of the rest. */
const TASKS_FROM = 20;

/** A task as the API tells it; times are ISO 8601. */
export interface PacedTask {
  status: TaskStatus;
  /** Percent. */
  progress: number;
  started_at: string | null;
  attempt: number;
  losses: number;
}

export interface PacedExecution {
  status: TaskStatus;
  total: number;
  counts: Record<TaskStatus, number>;
  started_at: string | null;
  attempt: number;
}

/**
 * In ms. null: it does not run, or nothing can be said yet. Also for a run that goes on from an earlier one: nobody
 * knows how much of its progress is its own.
 * @param now ms since the epoch
 */
export function taskTimeLeft(task: PacedTask, now: number): number | null {
  if (task.status !== 'running' || task.attempt > 0 || task.losses > 0) return null;
  return timeLeft(task.progress / 100, task.started_at, now);
}

/** In ms, from how many of its tasks have ended; null as for a task, and where it has only a few. */
export function executionTimeLeft(execution: PacedExecution, now: number): number | null {
  const { status, total, counts, started_at, attempt } = execution;
  if (status !== 'running' || total < TASKS_FROM || attempt > 0) return null;
  return timeLeft((counts.completed + counts.failed + counts.cancelled) / total, started_at, now);
}

function timeLeft(share: number, started_at: string | null, now: number): number | null {
  if (started_at === null || share < SHARE_FROM || share >= SHARE_TO) return null;
  return (Math.max(0, now - Date.parse(started_at)) * (1 - share)) / share;
}
