/**
 * Who sits in a supervisor's threads. Runs that are claimed and locked stand in line here, high priority first.
 *
 * Normally as many tasks are claimed as threads are free, and nobody waits. But a task that takes 0.1 ms is over
 * long before the next one is claimed and locked, and its thread would idle for most of the time. So while tasks
 * are that short, some are claimed ahead: as many as will have begun within 20 ms. When one that was expected to be
 * short is not, those behind it go back to the queue, for whoever has a thread.
 */
import { monotonicMs } from '../clock.ts';

/** Work that is claimed ahead lasts this long at the most, by what tasks took lately, in ms. */
const AHEAD_MS = 20;
/** Tasks claimed ahead of one thread, at most. */
const AHEAD_OF_A_THREAD = 32;
/** Whoever stands in line for longer goes back to the queue, in ms. */
const IN_LINE_AT_MOST_MS = 60;
/** Weight of the newest task in the average. */
const NEWEST = 0.1;
/** From this many threads on, one takes only high-priority tasks, so that nobody is stuck behind backfills. */
export const RESERVE_FROM_THREADS = 3;

/** Whoever wants a thread. */
export interface Sitter {
  readonly task: { readonly priority: number };
}

interface Waiting {
  sitter: Sitter;
  since: number;
  seat(got: boolean): void;
}

export class Seats {
  readonly #threads: number;
  /** Threads for high priority only. */
  readonly #reserved: number;
  /** Sitter → when it sat down, by the monotonic clock. */
  #seated = new Map<Sitter, number>();
  #line: Waiting[] = [];
  #tooLong: NodeJS.Timeout | undefined;
  /** What tasks took lately, in ms; tasks are taken as long until they have shown to be short. */
  #usual = AHEAD_MS;

  constructor(threads: number) {
    this.#threads = threads;
    this.#reserved = threads >= RESERVE_FROM_THREADS ? 1 : 0;
  }

  /** How many tasks beyond the free threads are worth claiming now. */
  get ahead(): number {
    const each = Math.min(AHEAD_OF_A_THREAD, Math.floor(AHEAD_MS / this.#usual) - 1);
    return Math.max(0, each) * (this.#threads - this.#reserved);
  }

  /**
   * Resolves with true when a thread is free for it, in the order of asking within a priority; with false when
   * there was none in time, or it gave up.
   */
  take(sitter: Sitter): Promise<boolean> {
    if (this.#roomFor(sitter)) {
      this.#seated.set(sitter, monotonicMs());
      return Promise.resolve(true);
    }
    return new Promise((seat) => {
      const high = sitter.task.priority === 0;
      const at = high ? this.#line.findIndex((waiting) => waiting.sitter.task.priority !== 0) : -1;
      this.#line.splice(at < 0 ? this.#line.length : at, 0, { sitter, since: monotonicMs(), seat });
      this.#watch();
    });
  }

  /** It doesn't wait any more. */
  giveUp(sitter: Sitter): void {
    const at = this.#line.findIndex((waiting) => waiting.sitter === sitter);
    if (at >= 0) this.#line.splice(at, 1)[0]?.seat(false);
  }

  /** Its thread is free; for the next in line. */
  leave(sitter: Sitter): void {
    const since = this.#seated.get(sitter);
    if (since === undefined) return;
    this.#seated.delete(sitter);
    const now = monotonicMs();
    this.#usual += (now - since - this.#usual) * NEWEST;
    const next = this.#line.findIndex((waiting) => this.#roomFor(waiting.sitter));
    if (next < 0) return;
    const [waiting] = this.#line.splice(next, 1) as [Waiting];
    this.#seated.set(waiting.sitter, now);
    waiting.seat(true);
  }

  #roomFor(sitter: Sitter): boolean {
    if (this.#seated.size >= this.#threads) return false;
    if (sitter.task.priority === 0 || this.#reserved === 0) return true;
    let others = 0;
    for (const { task } of this.#seated.keys()) if (task.priority !== 0) others += 1;
    return others < this.#threads - this.#reserved;
  }

  #watch(): void {
    this.#tooLong ??= setTimeout(() => {
      this.#tooLong = undefined;
      const before = monotonicMs() - IN_LINE_AT_MOST_MS;
      const late = this.#line.filter(({ since }) => since <= before);
      if (late.length > 0) {
        this.#usual = AHEAD_MS; // somebody is not short: nothing is claimed ahead until tasks show to be short again
        this.#line = this.#line.filter(({ since }) => since > before);
        for (const { seat } of late) seat(false);
      }
      if (this.#line.length > 0) this.#watch();
    }, IN_LINE_AT_MOST_MS);
  }
}
