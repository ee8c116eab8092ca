/**
 * Renews the job type locks, every 1.3 s as the lease keeper renews the leases, but apart from it: the lock servers
 * may be others than the queue's Redis, and one that is frozen must not hold up what the other can still do.
 */
import { Actor } from '../actors/actor.ts';
import { BEAT_MS } from './lease-keeper.ts';
import type { TaskRuns } from './task-runs.ts';

export class LockKeeper extends Actor<'beat'> {
  readonly name = 'lock-keeper';
  #runs: TaskRuns;
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: TaskRuns) {
    super();
    this.#runs = runs;
  }

  protected override started(): void {
    this.tell('beat');
  }

  protected override async stopping(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override async handle(): Promise<void> {
    const beat = setTimeout(() => this.tell('beat'), BEAT_MS);
    this.#timer = beat;
    await this.#runs.extendLocks();
  }
}
