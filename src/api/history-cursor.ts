/** Where a page of the history ended. */
import { type TaskStatus, TERMINAL_STATUSES } from '../queue/task.ts';
import type { Ended, HistoryPlace } from '../store/history-page.ts';
import { cursorAt, readCursor } from './cursor.ts';

export function historyCursor({ completed_at, attempt, status }: Ended, id: string): string {
  return cursorAt([completed_at as number, id, attempt, status]);
}

/** @throws ApiError VALIDATION_FAILED */
export function readHistoryCursor(cursor: string): HistoryPlace {
  const [completed_at, id, attempt, status] = readCursor(
    cursor,
    ([at, name, number, state]) =>
      isMoment(at) &&
      typeof name === 'string' &&
      Number.isInteger(number) &&
      TERMINAL_STATUSES.includes(state as TaskStatus),
  ) as [number, string, number, string];
  return { completed_at, id, attempt, status };
}

function isMoment(ms: unknown): boolean {
  return Number.isSafeInteger(ms) && !Number.isNaN(new Date(ms as number).getTime());
}
