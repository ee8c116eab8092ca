/**
 * The way of a run to its deadline. One timer at a time, so that a task which ends before has cost nothing for it.
 *
 *   ──── begins to look at the thread ── 490 ms ── claims the next task ── 10 ms ──▶ terminates the thread
 */
import { monotonicMs } from '../clock.ts';
import { OBSERVED_BEFORE_MS } from './kill-evidence.ts';

/** The next task is claimed, and its type locked, so long before the deadline, in ms. */
export const NEXT_CLAIMED_BEFORE_MS = 10;
/** 24.8 days. A timer that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Timers fire up to 2 ms late; the last ms before the deadline are waited for turn by turn of the event loop. */
const TIMER_LATE_MS = 3;

export interface DeadlineSteps {
  /** A kill may be near. Left out where the time is too short for a look. */
  observe(): void;
  /** The slot comes free in a moment, by the task's end or by the deadline. */
  claimNext(): void;
  /** Never before the deadline. */
  kill(): void;
}

export class Deadline {
  #at: number;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  /** @param leftMs running time that is left, in ms */
  constructor(leftMs: number, { observe, claimNext, kill }: DeadlineSteps) {
    const left = Math.min(leftMs, LONGEST_TIMER_MS);
    this.#at = monotonicMs() + left;
    const last = () => {
      claimNext();
      this.#wait(TIMER_LATE_MS, () => this.#turnUntilThen(kill));
    };
    const near = () => this.#wait(NEXT_CLAIMED_BEFORE_MS, last);
    const far = () => {
      near();
      observe();
    };
    if (left < OBSERVED_BEFORE_MS) near();
    else this.#wait(OBSERVED_BEFORE_MS, far);
  }

  cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  #wait(beforeMs: number, act: () => void): void {
    this.#timer = setTimeout(act, Math.max(0, this.#at - beforeMs - monotonicMs()));
  }

  #turnUntilThen(kill: () => void): void {
    if (monotonicMs() >= this.#at) kill();
    else this.#turn = setImmediate(() => this.#turnUntilThen(kill));
  }
}
