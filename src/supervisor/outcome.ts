/** From how a thread ended to what the queue is told. */
import { TASK_ERRORS, type TaskErrorType } from '../errors.ts';
import type { ClaimedTask, Outcome } from '../queue/task.ts';
import { retryDelayMs } from './backoff.ts';
import type { ThreadEnd } from './thread.ts';

/**
 * Why the supervisor itself ends a run. `lock_lost`: the lock servers say so; `lease_lost`: the queue says that the
 * claim is another's; `lease_ended`: neither could be asked in time, so lease or lock have ended by the clock.
 */
export type StopReason = 'timeout' | 'shutdown' | 'lock_lost' | 'lease_lost' | 'lease_ended' | 'cancelled';

/** What stands in for a pause of no length: the task may be claimed again at once. */
const AT_ONCE = 0;

/**
 * @param stopped why the supervisor ended the run, if it did.
 * @param retryBaseMs TASK_RETRY_BASE_SECONDS in ms.
 * @returns null when there is nothing to tell: the lease is another's by now.
 */
export function outcomeOf(
  end: ThreadEnd,
  task: ClaimedTask,
  stopped: StopReason | null,
  retryBaseMs: number,
): Outcome | null {
  if (stopped === 'lease_lost') return null;
  if (end.kind === 'killed') {
    if (stopped === 'timeout') return timedOut(task, end.evidence);
    if (stopped === 'cancelled') return { kind: 'cancelled' };
    return { kind: 'handed_back', delay_ms: AT_ONCE, reason: stopped ?? end.reason };
  }
  if (end.kind === 'crashed') {
    const retryable = TASK_ERRORS[end.error_type].retryable;
    return badEnd(task, { type: end.error_type, message: end.message, retryable }, retryBaseMs);
  }
  const { result } = end;
  switch (result.kind) {
    case 'completed':
      return { kind: 'completed', records_processed: result.records_processed };
    case 'paused':
      return { kind: 'handed_back', delay_ms: AT_ONCE, reason: result.reason };
    case 'closed':
      return {
        kind: 'closed',
        delay_ms: Math.max(AT_ONCE, result.until - Date.now()),
        reason: result.reason,
      };
    case 'fenced':
      return badEnd(task, { type: 'fenced', message: result.message, retryable: true }, retryBaseMs);
    case 'error':
      return badEnd(task, result, retryBaseMs);
  }
}

function timedOut(task: ClaimedTask, evidence: string | undefined): Outcome {
  return {
    kind: 'failed',
    error_type: 'timeout' satisfies TaskErrorType,
    error_message: `${task.job_type} ran past its deadline and its thread was terminated. Give it more time with timeout_seconds, or ask for less.`,
    ...(evidence === undefined ? {} : { error_detail: evidence }),
  };
}

interface BadEnd {
  type: string;
  message: string;
  detail?: string;
  retryable: boolean;
  retry_after_ms?: number | null;
}

function badEnd(task: ClaimedTask, bad: BadEnd, retryBaseMs: number): Outcome {
  const told = {
    error_type: bad.type,
    error_message: bad.message,
    ...(bad.detail === undefined ? {} : { error_detail: bad.detail }),
  };
  if (!bad.retryable || task.attempt + 1 >= task.max_attempts) return { kind: 'failed', ...told };
  const delay_ms = retryDelayMs(task.attempt, retryBaseMs, bad.retry_after_ms ?? null);
  return { kind: 'retry', delay_ms, ...told };
}
