/**
 * Places moments of Redis' clock on the monotonic clock of this process, never later than they were: what a lease is
 * counted from when it began at a moment that only Redis knows. (A step of Redis' clock between two readings would shift
 * the leases in Redis just as much.)
 */
export class RedisClock {
  #read: { asked: number; now: number } | undefined;

  /** @param now what Redis said. @param asked when it was asked, by the monotonic clock; both in ms */
  note(now: number, asked: number): void {
    this.#read = { now, asked };
  }

  /**
   * A moment that is certainly not after `moment`, and within from … to, where that lies for certain.
   * @param moment ms by the clock of Redis; the rest, and the answer, by the monotonic clock, in ms
   */
  earliest(moment: number, from: number, to: number): number {
    if (!this.#read) return from;
    return Math.max(from, Math.min(to, this.#read.asked + moment - this.#read.now));
  }
}
