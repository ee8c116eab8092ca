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
}
export interface ClaimRequest {
  supervisor_id: string;
  /** Threads for a task of any priority. */
  free: number;
  /** Threads that are kept for high priority. */
  reserved?: number;
  lease_ms: number;
}
export interface FinishResult {
  task_id: string;
  /** `done`, or why nothing was changed: the task is unknown, not running, or runs under a newer claim. */
  result: OwnedResult;
  /** Its status now; null when it is unknown. A `retry` without attempts left reads `failed` here. */
  status: TaskStatus | null;
}

/** The four arguments that claim.lua and finish.lua begin with. */
export function claimArguments({
  supervisor_id,
  free,
  reserved = 0,
  lease_ms,
}: ClaimRequest): (string | number)[] {
  return [supervisor_id, free, reserved, lease_ms];
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

/** The eight arguments that finish.lua takes for a run. */
export function finishArguments({ task_id, supervisor_id, fence, outcome }: Finish): (string | number)[] {
  const run = [task_id, supervisor_id, fence, outcome.kind];
  switch (outcome.kind) {
    case 'completed':
      return [...run, outcome.records_processed, '', '', ''];
    case 'cancelled':
      return [...run, 0, '', '', ''];
    case 'handed_back':
    case 'closed':
      return [...run, wholeMs(outcome.delay_ms), '', boundText(outcome.reason, PROGRESS_MESSAGE_LENGTH), ''];
    case 'failed':
    case 'retry':
      return [
        ...run,
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
