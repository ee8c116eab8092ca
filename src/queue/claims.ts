/** What a supervisor asks for and tells of its runs, and how claim.lua and finish.lua take it. */
import {
  boundText,
  ERROR_DETAIL_LENGTH,
  ERROR_MESSAGE_LENGTH,
  PROGRESS_MESSAGE_LENGTH,
} from './bounded-text.ts';
import type { OwnedResult } from './scripts.ts';
import type { ClaimedTask, Outcome, TaskStatus } from './task.ts';

/** One run of a task: what a supervisor must name to write for it. */
export interface Run {
  task_id: string;
  supervisor_id: string;
  fence: number;
}
export interface Finish extends Run {
  outcome: Outcome;
  /** Value of its job type's lock, when it was taken with the claim: it is released in the same step. */
  lock?: string;
}
export interface ClaimRequest {
  supervisor_id: string;
  /** Threads for a task of any priority. */
  free: number;
  /** Threads that are kept for high priority. */
  reserved?: number;
  lease_ms: number;
  /** Value of the job type locks to take with the tasks; none where the locks stand elsewhere (type-locks.ts). */
  lock?: string;
}
export interface FinishResult {
  task_id: string;
  /** `done`, or why nothing was changed: the task is unknown, not running, or runs under a newer claim. */
  result: OwnedResult;
  /** Its status now; null when it is unknown. A `retry` without attempts left reads `failed` here. */
  status: TaskStatus | null;
}

/** The five arguments that claim.lua and finish.lua begin with. */
export function claimArguments({
  supervisor_id,
  free,
  reserved = 0,
  lease_ms,
  lock = '',
}: ClaimRequest): (string | number)[] {
  return [supervisor_id, free, reserved, lease_ms, lock];
}

/** What of a request is still to be claimed. */
export function remaining(request: ClaimRequest, claimed: readonly ClaimedTask[]): ClaimRequest {
  const { free, reserved = 0 } = request;
  const others = claimed.filter((task) => task.priority !== 0).length;
  // High ones go to the reserved threads first.
  const high = claimed.length - others;
  return {
    ...request,
    free: free - others - Math.max(0, high - reserved),
    reserved: Math.max(0, reserved - high),
  };
}

/** The nine arguments that finish.lua takes for a run. */
export function finishArguments({ lock = '', ...finish }: Finish): (string | number)[] {
  const { task_id, supervisor_id, fence, outcome } = finish;
  return [task_id, supervisor_id, fence, outcome.kind, ...told(outcome), lock];
}

/** The four arguments that an outcome makes of itself: a number, an error type, a text and a detail. */
function told(outcome: Outcome): (string | number)[] {
  switch (outcome.kind) {
    case 'completed':
      return [outcome.records_processed, '', '', ''];
    case 'cancelled':
      return [0, '', '', ''];
    case 'handed_back':
    case 'closed':
      return [wholeMs(outcome.delay_ms), '', boundText(outcome.reason, PROGRESS_MESSAGE_LENGTH), ''];
    case 'failed':
    case 'retry':
      return [
        outcome.kind === 'retry' ? wholeMs(outcome.delay_ms) : 0,
        outcome.error_type,
        boundText(outcome.error_message, ERROR_MESSAGE_LENGTH),
        boundText(outcome.error_detail ?? '', ERROR_DETAIL_LENGTH),
      ];
  }
}

/** Never less than asked for: a retry must not start early. */
function wholeMs(delay_ms: number): number {
  return Math.max(0, Math.ceil(delay_ms));
}
