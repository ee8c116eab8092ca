/** What came too late: the words and the transactions of runs that had lost their lease. */
import type { Outcome } from '../../../src/queue/task.ts';
import type { Evidence } from './checks.ts';
import type { Refusal } from './ledger.ts';

/** A supervisor told the queue how a run ended, and what the queue answered. */
export interface Told {
  task_id: string;
  fence: number;
  /** `done`: it was accepted. `not_owner`: another one runs the task. */
  result: string;
  outcome: Outcome;
  /** ms since the epoch. */
  at: number;
}

/** What was told of runs that had been taken from their owners, whatever the queue answered. */
export function lateTales({ events, told }: Pick<Evidence, 'events' | 'told'>): Told[] {
  const claims = new Map<string, number>();
  const lost = new Set<string>();
  for (const { event, task_id, fence = 0 } of events) {
    if (event === 'claimed') claims.set(task_id, fence);
    if (event === 'lost') lost.add(`${task_id} ${claims.get(task_id)}`);
  }
  return told.filter(({ task_id, fence }) => lost.has(`${task_id} ${fence}`));
}

/** Transactions that Postgres refused because a newer run of the type had begun. */
export function lateCommits({ refusals }: Pick<Evidence, 'refusals'>): Refusal[] {
  return refusals.filter(({ fence, known_fence }) => known_fence > fence);
}
