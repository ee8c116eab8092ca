/** What the arrivals at the simulator say of the call window: one monotonic clock, so nothing has to be believed. */
import { mostInAnyWindow, utilisation } from '../limits/support/judge.ts';
import { lostSlots, type SlotLog } from './lost-slots.ts';

/** The arrivals are those of the backlog alone. */
export interface Observed extends SlotLog {
  /** When the permit of a call was last checked, by its id; unknown of calls whose process died. */
  checkedAt(id: string): number | undefined;
  /** ms that people waited for a permit. */
  waits: readonly number[];
  /** ms from the first to the last of a full window of calls after an idle one. */
  burstMs: number;
}

export interface Verdict {
  calls: number;
  most_in_any_window: number;
  limit: number;
  violations: number;
  /**
   * Calls that arrived half a second or more after the last check of their permit: their process was paused between
   * the two, which nobody can exclude. They count everywhere but among the violations.
   */
  paused_before_write: number;
  utilisation: number;
  /** Slot-seconds that no call used, those that killed and frozen holders kept, and how many there were: lost-slots.ts. */
  lost_slot_seconds: number;
  held_slot_seconds: number;
  slot_seconds: number;
  people_calls: number;
  people_wait_p50_ms: number;
  people_wait_p99_ms: number;
  burst_ms: number;
  ok: boolean;
  faults: string[];
}

/** A call that took longer than this from its check to its arrival was paused in between. */
const PAUSED_MS = 500;
const LEAST_UTILISATION = 0.99;
const MOST_WAIT_MS = 2_000;
const MOST_BURST_MS = 2_000;

export function verdictOf(observed: Observed): Verdict {
  const { limit, windowMs, arrivals } = observed;
  const paused = new Set(arrivals.filter(({ at, id }) => at - (observed.checkedAt(id) ?? at) > PAUSED_MS));
  const times = arrivals.map(({ at }) => at);
  const unpaused = arrivals.filter((arrival) => !paused.has(arrival)).map(({ at }) => at);
  const { lost, held, capacity } = lostSlots(observed);
  const waits = observed.waits.toSorted((a, b) => a - b);
  const verdict = {
    calls: arrivals.length,
    most_in_any_window: mostInAnyWindow(times, windowMs),
    limit,
    violations: violationsOf(unpaused, limit, windowMs),
    paused_before_write: paused.size,
    utilisation: rounded(utilisation(times, limit, windowMs), 4),
    lost_slot_seconds: rounded(lost, 0),
    held_slot_seconds: rounded(held, 0),
    slot_seconds: rounded(capacity, 0),
    people_calls: waits.length,
    people_wait_p50_ms: rounded(quantile(waits, 0.5), 0),
    people_wait_p99_ms: rounded(quantile(waits, 0.99), 0),
    burst_ms: rounded(observed.burstMs, 0),
  };
  const faults = [
    verdict.violations > 0 && `${verdict.violations} calls came too early`,
    verdict.utilisation < LEAST_UTILISATION && `utilisation is below ${LEAST_UTILISATION}`,
    lost - held > (1 - LEAST_UTILISATION) * capacity &&
      `more slot-seconds were lost than killed and frozen holders held and 1 % of all`,
    verdict.people_wait_p99_ms > MOST_WAIT_MS && `people waited longer than ${MOST_WAIT_MS} ms`,
    verdict.burst_ms > MOST_BURST_MS &&
      `a full window after an idle one took longer than ${MOST_BURST_MS} ms`,
  ].filter((fault) => fault !== false);
  return { ...verdict, ok: faults.length === 0, faults };
}

/** Calls that came less than a window after the one `limit` calls before. */
export function violationsOf(times: readonly number[], limit: number, windowMs: number): number {
  return times.filter((at, i) => i >= limit && at - (times[i - limit] ?? at) < windowMs).length;
}

export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
