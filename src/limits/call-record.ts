/** What is known of calls besides Redis: an emptied Redis is told by it when the last one was made. */
import type { Logger } from '../log.ts';
import type { SlotTimes } from './slot-times.ts';

export interface CallRecord {
  /** Calls are being made now. */
  note(): void;
  /** ms since the last call that is recorded, by one clock; below 0 while some may still come; null: none is. */
  sinceLastMs(): Promise<number | null>;
}

/** Calls were made once: processes that know of newer ones have this long to object, two of their pulses. */
const OBJECTION_MS = 5_500;

/** For how long a window waits that Redis knows nothing of, in ms, so that no call before it can matter. */
export async function waitWhenEmpty(
  record: CallRecord | undefined,
  times: SlotTimes,
  log: Logger,
): Promise<number> {
  if (!record) return 0;
  try {
    const since = await record.sinceLastMs();
    return since === null ? 0 : Math.max(OBJECTION_MS, times.closedMs - since);
  } catch (error) {
    log.warn(
      { err: error },
      'call window: Redis is empty, and Postgres does not tell when the last call was',
    );
    return times.closedMs;
  }
}
