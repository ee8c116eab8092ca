/** Where a page of the history ended, as a text for the caller to send back. */
import { ApiError } from '../errors.ts';
import { TERMINAL_STATUSES } from '../queue/task.ts';
import type { Ended, HistoryPlace } from '../store/history-page.ts';

export function cursorAt({ completed_at, attempt, status }: Ended, id: string): string {
  return Buffer.from(JSON.stringify([completed_at, id, attempt, status])).toString('base64url');
}

/** @throws ApiError VALIDATION_FAILED */
export function readCursor(cursor: string): HistoryPlace {
  try {
    const [completed_at, id, attempt, status] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const fits = isMoment(completed_at) && typeof id === 'string' && Number.isInteger(attempt);
    if (fits && TERMINAL_STATUSES.includes(status)) return { completed_at, id, attempt, status };
  } catch {
    // told below
  }
  throw new ApiError('VALIDATION_FAILED', 'query.cursor must be the next_cursor of a page before');
}

function isMoment(ms: unknown): ms is number {
  return Number.isSafeInteger(ms) && !Number.isNaN(new Date(ms as number).getTime());
}
