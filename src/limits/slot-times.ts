/** How long a slot of the call window is taken, in ms: pure arithmetic, with the reason for every number. */

/** A permit must be used this soon after its slot was counted (design § 5). */
export const USE_WITHIN_MS = 2_000;

/** A clock that is being corrected runs at most 500 ppm fast (adjtime); ours and TuShare's may differ by that. */
const CLOCK_DRIFT = 500e-6;
/** Redis counts whole milliseconds. */
const ROUNDING_MS = 2;
/** What a busy main thread may add between the end of a call and the command that says so. */
const EXPIRATION_SLACK_MS = 2_000;

export class SlotTimes {
  readonly windowMs: number;
  /** From the end of a call until its slot is free: one window, and what clocks may get wrong. */
  readonly holdMs: number;
  /** Longest that one call may take. */
  readonly #callMs: number;

  /** @param windowMs length of the window @param callMs longest that one call may take */
  constructor(windowMs: number, callMs: number) {
    this.windowMs = windowMs;
    this.#callMs = callMs;
    this.holdMs = Math.ceil(windowMs * (1 + CLOCK_DRIFT)) + ROUNDING_MS;
  }

  /** From the counting of a slot until Redis frees it by itself, when its process died: never before a live one would. */
  expirationMs(useWithinMs: number): number {
    return useWithinMs + this.#callMs + this.holdMs + EXPIRATION_SLACK_MS;
  }

  /**
   * From now until the slot is free of a call that was given up, or whose thread was killed: what had been written can
   * arrive later than that. It is taken to have been written at the last moment, and to be as slow as a call may be.
   */
  cutShortHoldMs(useBy: number, now: number): number {
    return Math.max(0, useBy + this.#callMs - now) + this.holdMs;
  }

  /**
   * How long the window stays closed when Redis has lost what it counted: permits that were out may still be used, and
   * then their calls count for a window.
   */
  get closedMs(): number {
    return USE_WITHIN_MS + this.holdMs;
  }
}

/**
 * The last moment a slot may be used. Counted from before its registration was sent, not from when the answer
 * was read: a process frozen in between would else wake with a fresh permit on a slot that has long expired.
 */
export function useBy(countedAfter: number, useWithinMs: number): number {
  return countedAfter + useWithinMs;
}
