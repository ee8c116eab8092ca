/** Those who ask for a permit. Each stops by its own signal, when it has waited for too long, or with the window. */
import { monotonicMs } from '../clock.ts';

/** One who asks. */
export interface Asking {
  /** Aborted with the reason that it is told. */
  signal: AbortSignal;
  /** By the monotonic clock, in ms: at this moment it is told to come again later. */
  until: number;
}

export interface Patience {
  /** The asker's own. */
  signal: AbortSignal | undefined;
  longestWaitMs: number;
  /** What it is told when it has waited for so long. */
  tooLong(): Error;
}

export class Askers {
  #asking = new Set<AbortController>();

  /** The answer, or whatever stops the asking before: then it ends at once, whatever `answer` still does. */
  async ask<Answer>(
    { signal, longestWaitMs, tooLong }: Patience,
    answer: (asking: Asking) => Promise<Answer>,
  ): Promise<Answer> {
    const asking = new AbortController();
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    stopped.catch(() => {}); // when the answer comes first, this end is of no interest
    asking.signal.addEventListener('abort', () => reject(asking.signal.reason), { once: true });
    const giveUp = () => asking.abort(signal?.reason);
    signal?.addEventListener('abort', giveUp, { once: true });
    const patience = setTimeout(() => asking.abort(tooLong()), longestWaitMs);
    this.#asking.add(asking);
    try {
      const until = monotonicMs() + longestWaitMs;
      return await Promise.race([answer({ signal: asking.signal, until }), stopped]);
    } finally {
      this.#asking.delete(asking);
      clearTimeout(patience);
      signal?.removeEventListener('abort', giveUp);
    }
  }

  stopAll(reason: Error): void {
    for (const asking of this.#asking) asking.abort(reason);
  }
}
