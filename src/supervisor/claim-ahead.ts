/**
 * How many tasks are claimed beyond the free threads. Normally none. But a task that takes 0.1 ms is over long before
 * the next one is claimed and locked, and its thread would sleep for most of the time. So while tasks are that short,
 * some stand in line at the threads: as many as will have begun within 20 ms.
 */

/** Work that is claimed ahead lasts this long at the most, by what tasks took lately, in ms. */
const AHEAD_MS = 20;
/** Tasks claimed ahead of one thread, at most. */
const AHEAD_OF_A_THREAD = 32;
/** Weight of the newest task in the average. */
const NEWEST = 0.1;

export class ClaimAhead {
  /** What tasks took lately, in ms; they are taken as long until they have shown to be short. */
  #usual = AHEAD_MS;

  /** A task took so many ms from its beginning to its good end. */
  took(ms: number): void {
    this.#usual += (ms - this.#usual) * NEWEST;
  }

  /** One that was claimed ahead waited in vain: nothing is claimed ahead until tasks show to be short again. */
  tooMuch(): void {
    this.#usual = AHEAD_MS;
  }

  /** Tasks that may stand in line at one thread. */
  get ofAThread(): number {
    return Math.max(0, Math.min(AHEAD_OF_A_THREAD, Math.floor(AHEAD_MS / this.#usual) - 1));
  }
}
