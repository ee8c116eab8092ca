/**
 * Who fires: one supervisor of the cluster, by a lock of 4 s in Redis. It believes in its lock only until a second
 * before its end, by its own monotonic clock, so that it has stopped deciding before another one can begin. A leader
 * that is frozen past that and wakes up decides nothing; what it was in the middle of, the rows of firings.ts bear.
 */
import { monotonicMs } from '../clock.ts';
import {
  type TypeLock,
  TypeLockLost,
  TypeLockRefused,
  type TypeLocks,
  TypeLockUnavailable,
} from '../limits/type-locks.ts';

/** Beside those of the job types, which have a dot in their names. */
export const LEADER_LOCK = 'scheduler';
/** Before the lock's end, in ms: longer than what is done between two looks at it. */
const TRUST_MS = 1_000;
/** Three renewals in its life. */
const RENEW_EVERY_MS = 1_300;

export class Leadership {
  readonly #locks: Pick<TypeLocks, 'acquire'>;
  #lock: TypeLock | undefined;
  #renewAt = 0;

  constructor(locks: Pick<TypeLocks, 'acquire'>) {
    this.#locks = locks;
  }

  /** Whether this process may decide at this very moment. Asked before every decision; costs nothing. */
  get held(): boolean {
    return this.#lock !== undefined && monotonicMs() < this.#lock.expires_at - TRUST_MS;
  }

  /** Takes or renews the lock when it is time. @returns {@link held} */
  async seek(): Promise<boolean> {
    try {
      const now = monotonicMs();
      if (this.#lock && now >= this.#lock.expires_at) this.#lock = undefined;
      if (!this.#lock) {
        this.#lock = await this.#locks.acquire(LEADER_LOCK);
        this.#renewAt = now + RENEW_EVERY_MS;
      } else if (now >= this.#renewAt) {
        await this.#lock.extend();
        this.#renewAt = now + RENEW_EVERY_MS;
      }
    } catch (error) {
      if (error instanceof TypeLockLost) this.#lock = undefined;
      else if (!(error instanceof TypeLockRefused || error instanceof TypeLockUnavailable)) throw error;
    }
    return this.held;
  }

  /** Gives it up, so that another one leads at once. */
  async resign(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await lock?.release();
  }
}
