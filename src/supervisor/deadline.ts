/**
 * The way of a run to its deadline. One timer at a time, so that a task which ends before has cost nothing for it.
 *
 *   ──── looks at the thread, asks for the time left ── 490 ms ── claims the next ── 10 ms ──▶ terminates the thread
 */
import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../clock.ts';
import { OBSERVED_BEFORE_MS } from './kill-evidence.ts';

/** The next task is claimed, and its type locked, so long before the deadline, in ms. */
export const NEXT_CLAIMED_BEFORE_MS = 10;
/** 24.8 days. A timer that is set for longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
/** Timers fire up to 2 ms late; the last ms before the deadline are waited for in naps. */
const TIMER_LATE_MS = 3;
/** Between two naps the event loop turns. In ms. */
const NAP_MS = 0.25;
/** A nap may last longer than it was to, in ms. */
const NAP_LATE_MS = 0.1;
/** Redis counts it in whole ms. */
const DEADLINE_WITHIN_MS = 1;
/** The queue is asked for the time that is left so many times, with such pauses in ms, before the next is claimed. */
const ASKED_TIMES = 3;
const ASKED_EVERY_MS = 100;
const napping = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

export interface DeadlineSteps {
  /** A kill may be near. Left out where the time is too short for a look. */
  observe(): void;
  /** Asks the queue for the running time that is left now, in ms; null when that is of no use any more. */
  timeLeft(): Promise<number | null>;
  /** The slot comes free in a moment, by the task's end or by the deadline. */
  claimNext(): void;
  /** Never before the deadline. */
  kill(): void;
}

export class Deadline {
  #at: number;
  /** Before this it can't be. */
  #earliest: number;
  #cancelled = false;
  /** The next one is. */
  #claimed = false;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;

  /**
   * @param leftMs running time that was left at the claim, in ms
   * @param asked when the claim was sent, by the monotonic clock, in ms
   */
  constructor(leftMs: number, asked: number, { observe, timeLeft, claimNext, kill }: DeadlineSteps) {
    const left = Math.min(leftMs, LONGEST_TIMER_MS);
    this.#at = monotonicMs() + left;
    this.#earliest = asked + left - DEADLINE_WITHIN_MS;
    const last = () => {
      this.#claimed = true;
      claimNext();
      this.#wait(TIMER_LATE_MS, () => this.#napUntilThen(kill));
    };
    const near = () => this.#wait(NEXT_CLAIMED_BEFORE_MS, last);
    const far = () => {
      near();
      observe();
      void this.#ask(timeLeft, near);
    };
    if (left < OBSERVED_BEFORE_MS) near();
    else this.#wait(OBSERVED_BEFORE_MS, far);
  }

  cancel(): void {
    this.#cancelled = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
  }

  /**
   * The claim's answer took some time, longer while the machine is busy, and how much of that came after the claim is
   * not known. So the queue is asked again, and the quickest answer counts; without one it is as it was.
   */
  async #ask(timeLeft: DeadlineSteps['timeLeft'], near: () => void): Promise<void> {
    for (let times = 0; times < ASKED_TIMES; times++) {
      await delay(ASKED_EVERY_MS);
      if (this.#cancelled) return;
      const left = await timeLeft().catch(() => null);
      if (left === null || this.#cancelled) return;
      // Wherever the clock of Redis was set to meanwhile.
      this.#at = Math.min(this.#at, Math.max(this.#earliest, monotonicMs() + left));
      if (!this.#claimed) near();
    }
  }

  #wait(beforeMs: number, act: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(act, Math.max(0, this.#at - beforeMs - monotonicMs()));
  }

  /** To let the event loop turn all the time makes garbage: to collect it took 6 to 10 ms beside a thread that spins. */
  #napUntilThen(kill: () => void): void {
    const left = this.#at - monotonicMs();
    if (left > NAP_LATE_MS) Atomics.wait(napping, 0, 0, Math.min(NAP_MS, left - NAP_LATE_MS));
    if (left > 0) this.#turn = setImmediate(() => this.#napUntilThen(kill));
    else kill();
  }
}
