/**
 * Redlock for many locks at once: those that are asked for together travel as one command to each server, and so do
 * those that are released together. A command for each cost more than all the rest of a short task
 * (docs/performance.md). Redlock itself takes any number of resources, all or none; where all can't be had, each is
 * asked for by itself.
 */
import { Lock, type Redlock } from 'redlock';

/** One lock, as Redlock knows it: those of one acquisition share its value. */
export interface RedlockKey {
  readonly key: string;
  readonly value: string;
}

interface Wanted {
  key: string;
  resolve(lock: RedlockKey): void;
  reject(error: unknown): void;
}

export class LockBatches {
  readonly #redlock: Redlock;
  readonly #ttlMs: number;
  #wanted: Wanted[] = [];
  /** Value → the keys to release, and who waits for that. */
  #released = new Map<string, { keys: string[]; done: (() => void)[] }>();

  constructor(redlock: Redlock, ttlMs: number) {
    this.#redlock = redlock;
    this.#ttlMs = ttlMs;
  }

  /** Together with what else is asked for before the caller's turn ends. @throws ExecutionError */
  acquire(key: string): Promise<RedlockKey> {
    const { promise, resolve, reject } = Promise.withResolvers<RedlockKey>();
    this.#wanted.push({ key, resolve, reject });
    if (this.#wanted.length === 1) queueMicrotask(() => void this.#acquireAll(this.#wanted.splice(0)));
    return promise;
  }

  /** For its full life again, by itself. @throws ExecutionError */
  async extend({ key, value }: RedlockKey): Promise<void> {
    // Redlock would judge the present life by the wall clock, which may be set; our caller has, by one that can't.
    await this.#lock([key], value, Number.MAX_SAFE_INTEGER).extend(this.#ttlMs);
  }

  /** Together with what else is released in this turn of the event loop. Never rejects. */
  release({ key, value }: RedlockKey): Promise<void> {
    if (this.#released.size === 0) setImmediate(() => this.#releaseAll());
    const batch = this.#released.get(value) ?? { keys: [], done: [] };
    this.#released.set(value, batch);
    batch.keys.push(key);
    return new Promise((resolve) => batch.done.push(resolve));
  }

  async #acquireAll(wanted: Wanted[]): Promise<void> {
    // Redlock would grant the same key twice in one acquisition.
    const keys = new Set<string>();
    const first = wanted.filter(({ key }) => !keys.has(key) && keys.add(key));
    try {
      const { value } = await this.#redlock.acquire([...keys], this.#ttlMs);
      for (const { key, resolve } of first) resolve({ key, value });
    } catch (error) {
      if (first.length === 1) first[0]?.reject(error);
      else for (const one of first) void this.#acquireAll([one]);
    }
    const again = wanted.filter((one) => !first.includes(one));
    if (again.length > 0) await this.#acquireAll(again);
  }

  #releaseAll(): void {
    for (const [value, { keys, done }] of this.#released) {
      // What can't be released ends by itself.
      void this.#lock(keys, value, 0)
        .release()
        .catch(() => {})
        .then(() => {
          for (const resolve of done) resolve();
        });
    }
    this.#released.clear();
  }

  #lock(keys: string[], value: string, expiration: number): Lock {
    return new Lock(this.#redlock, keys, value, [], expiration);
  }
}
