/**
 * Holds every run to the clock: nobody may run past the end of a lease or of a job type lock that could not be
 * renewed, whatever keeps the renewals away (design § 4, Redis away).
 *
 *   renewed ──────────────── 3 s ────────────────▶ pause ── 1 s ──▶ terminated
 *
 * A run that listens commits what it has and leaves within that second; one that does not is ended at the very moment
 * from which another supervisor may own its type. Both go back to the queue with no attempt used.
 */
import type { Service } from '../actors/service.ts';
import { monotonicMs } from '../clock.ts';
import { LEASE_MS } from '../queue/queue.ts';
import type { TaskRuns } from './task-runs.ts';

/** What a run gets to reach a safe point: to store what it has fetched, and no longer than a lease can spare. In ms. */
const PAUSE_BEFORE_MS = 1_000;
/** A run that was claimed since the last look has its lease for longer than this. In ms. */
const LOOK_EVERY_MS = 1_000;
/** A timer may fire a fraction of a ms early. */
const LATE_MS = 1;

/** What clocks that run at different speeds may take off a lease of 4 s: 1 %. In ms. */
const DRIFT_MS = 40;

/** When a lease ends that was asked for at `asked`; both by the monotonic clock, in ms. */
export function leaseEnd(asked: number): number {
  return asked + LEASE_MS - DRIFT_MS;
}

export class LeaseWatch implements Service {
  readonly name = 'lease-watch';
  #runs: TaskRuns;
  #timer: NodeJS.Timeout | undefined;

  constructor(runs: TaskRuns) {
    this.#runs = runs;
  }

  async start(): Promise<void> {
    this.#look();
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
  }

  #look(): void {
    const now = monotonicMs();
    let next = now + LOOK_EVERY_MS;
    for (const run of this.#runs.all()) {
      const { held_until } = run;
      if (held_until <= now) run.stop('lease_ended');
      else if (held_until - PAUSE_BEFORE_MS <= now) run.pause(UNRENEWED);
      if (held_until > now) next = Math.min(next, held_until);
      if (held_until - PAUSE_BEFORE_MS > now) next = Math.min(next, held_until - PAUSE_BEFORE_MS);
    }
    this.#timer = setTimeout(() => this.#look(), Math.ceil(next - now) + LATE_MS);
  }
}

/** Stands in the task until it runs again. */
const UNRENEWED = 'its lease could not be renewed: Redis was away';
