/** Attempts as people are told of them, in the page and on the command line. */
import type { TaskStatus } from './task.ts';

/**
 * The attempt that runs or comes next, counted from 1; of a task that has ended how many it took.
 * @param task as the API tells it: `attempt` is of those that have ended
 */
export function attemptShown(task: { status: TaskStatus; attempt: number; max_attempts: number }): number {
  const { status, attempt, max_attempts } = task;
  const hasEnded = status !== 'pending' && status !== 'running';
  return hasEnded ? attempt : Math.min(attempt + 1, max_attempts);
}
