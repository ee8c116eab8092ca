/** When a partition that is not complete is asked for again by itself. Pure. */
import { type CoverageState, SHORT_ANSWERS } from './coverage.ts';

/** What the ledger knows of a partition. */
export interface LedgerEntry {
  state: CoverageState;
  /** Milliseconds since the epoch. */
  fetched_at: number;
  short_answers: number;
  /** A failure record of it is exhausted: left for a person. */
  given_up?: boolean;
}

const HOUR_MS = 3_600_000;
/** Pause after the first, second … short answer. */
const PAUSES_MS = [HOUR_MS, 20 * HOUR_MS];

/** Whether it is time: never asked for, failed, or short of rows and some time has passed. */
export function mayBeAskedAgain(entry: LedgerEntry | undefined, now: Date): boolean {
  if (!entry) return true;
  if (entry.given_up || entry.state === 'complete' || entry.state === 'empty_confirmed') return false;
  if (entry.state === 'failed') return true;
  if (entry.short_answers >= SHORT_ANSWERS) return false;
  const pause = PAUSES_MS[entry.short_answers - 1] ?? 0;
  return now.getTime() - entry.fetched_at >= pause;
}
