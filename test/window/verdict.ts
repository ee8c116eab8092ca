/** What the arrivals at the simulator say of the call window: one monotonic clock, so nothing has to be believed. */
import { mostInAnyWindow, utilisation } from '../limits/support/judge.ts';

export interface Observed {
  limit: number;
  windowMs: number;
  /** Monotonic ms, in order; only those of the backlog. */
  arrivals: readonly { at: number; id: string }[];
  /** When the permit of a call was last checked, by its id; unknown of calls whose process died. */
  checkedAt(id: string): number | undefined;
  /** ms that people waited for a permit. */
  waits: readonly number[];
  /** Slot-seconds that killed and frozen processes held in calls. */
  heldSlotSeconds: number;
  /** ms from the first to the last of a full window of calls after an idle one. */
  burstMs: number;
  latencyMs: number;
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
  lost_slot_seconds: number;
  held_slot_seconds: number;
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
  const { limit, windowMs, arrivals, heldSlotSeconds, latencyMs } = observed;
  const paused = new Set(arrivals.filter(({ at, id }) => at - (observed.checkedAt(id) ?? at) > PAUSED_MS));
  const times = arrivals.map(({ at }) => at);
  const unpaused = arrivals.filter((arrival) => !paused.has(arrival)).map(({ at }) => at);
  const span = (times.at(-1) ?? 0) - (times[0] ?? 0);
  // A slot that is used at once makes one call in a window and the time of its call.
  const possible = (limit * span) / (windowMs + latencyMs) + limit;
  const lost = (Math.max(0, possible - times.length) * windowMs) / 1000;
  const waits = observed.waits.toSorted((a, b) => a - b);
  const verdict = {
    calls: arrivals.length,
    most_in_any_window: mostInAnyWindow(times, windowMs),
    limit,
    violations: violationsOf(unpaused, limit, windowMs),
    paused_before_write: paused.size,
    utilisation: rounded(utilisation(times, limit, windowMs), 4),
    lost_slot_seconds: rounded(lost, 0),
    held_slot_seconds: rounded(heldSlotSeconds, 0),
    people_calls: waits.length,
    people_wait_p50_ms: rounded(quantile(waits, 0.5), 0),
    people_wait_p99_ms: rounded(quantile(waits, 0.99), 0),
    burst_ms: rounded(observed.burstMs, 0),
  };
  const faults = [
    verdict.violations > 0 && `${verdict.violations} calls came too early`,
    verdict.utilisation < LEAST_UTILISATION && `utilisation is below ${LEAST_UTILISATION}`,
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
