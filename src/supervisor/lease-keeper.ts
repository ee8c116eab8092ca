/**
 * The pulse of a supervisor, one script call every 1.3 s: its heartbeat, the leases of all tasks it holds, and
 * the promotion of delayed tasks that are due. It beats earlier when a delayed task falls due or a lease ends, so that
 * neither is found late. What becomes of a lease that can't be renewed is lease-watch.ts's to see.
 */
import { Actor } from '../actors/actor.ts';
import { monotonicMs } from '../clock.ts';
import type { Logger } from '../log.ts';
import { isRedisAway } from '../queue/gate.ts';
import { LEASE_MS, type Queue, type Tick } from '../queue/queue.ts';
import type { SupervisorDetails } from '../queue/supervisors.ts';
import type { Auditor } from './auditor.ts';
import { leaseEnd } from './lease-watch.ts';
import type { Puller } from './puller.ts';
import type { Reaper } from './reaper.ts';
import type { TaskRuns } from './task-runs.ts';

/** Three beats in the life of a lease, so that two may be lost. In ms. */
export const BEAT_MS = 1_300;
/** Leases may have ended by no fault of their owners when no beat got through for this long, in ms. */
const OUTAGE_MS = LEASE_MS - BEAT_MS;
/** How long their owners then get to come back before anything is taken from them: a reconnection and a beat. In ms. */
const GRACE_MS = 2_000;
/** Never beats faster than this, in ms, however many moments fall due. */
const SHORTEST_BEAT_MS = 20;

interface Parts {
  supervisor_id: string;
  queue: Queue;
  runs: TaskRuns;
  puller: Puller;
  reaper: Reaper;
  auditor: Auditor;
  /** What this supervisor says of itself. */
  self(): SupervisorDetails;
  log: Logger;
}

export class LeaseKeeper extends Actor<'beat'> {
  readonly name = 'lease-keeper';
  #parts: Parts;
  #timer: NodeJS.Timeout | undefined;
  #lastBeat = monotonicMs();
  #away = false;
  /** Until then, by the monotonic clock, nobody's lease is taken as ended. */
  #graceUntil = 0;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
  }

  protected override started(): void {
    this.#lastBeat = monotonicMs();
    this.tell('beat');
  }

  protected override async stopping(): Promise<void> {
    clearTimeout(this.#timer);
  }

  protected override async handle(): Promise<void> {
    const { supervisor_id, queue, runs, self } = this.#parts;
    clearTimeout(this.#timer); // one beat leads to one more, however many there were
    let pause = BEAT_MS;
    const asked = monotonicMs();
    // The runs that were asked about: by the answer, a task that was lost may have been claimed again.
    const held = runs.held();
    try {
      const claims = held.map(({ task }) => task);
      const tick = await queue.tick(supervisor_id, claims, LEASE_MS, self());
      for (const run of held) {
        if (tick.lost.includes(run.task.task_id)) run.stop('lease_lost');
        else run.renewed(leaseEnd(asked));
      }
      for (const run of held) if (tick.stops.includes(run.task.task_id)) run.stop('cancelled');
      this.#heard(tick);
      pause = untilNext(tick, this.#graceUntil - this.#lastBeat);
    } catch (error) {
      if (!isRedisAway(error)) throw error;
      this.#notHeard(error);
    }
    this.#timer = setTimeout(() => this.tell('beat'), pause);
  }

  #heard(tick: Tick): void {
    const { puller, reaper, auditor, log } = this.#parts;
    if (this.#away) log.info('Redis is back');
    this.#away = false;
    const now = monotonicMs();
    if (now - this.#lastBeat > OUTAGE_MS) this.#graceUntil = now + GRACE_MS;
    this.#lastBeat = now;
    // The safety poll: a ring of the doorbell can be lost, the count can't.
    if (tick.queued > 0) puller.look();
    if (tick.unaudited > 0) auditor.look();
    const ended = tick.next_lease_end !== null && tick.next_lease_end <= tick.now;
    if (ended && now >= this.#graceUntil) reaper.tell('reap');
  }

  #notHeard(error: unknown): void {
    if (!this.#away) this.#parts.log.warn({ err: error }, 'Redis is away: nothing can be claimed or renewed');
    this.#away = true;
  }
}

/**
 * ms until the next beat. A lease of our own that ends is renewed long before, so this is another's.
 * @param graceMs how long an ended lease is left alone, in ms.
 */
function untilNext({ now, next_due_at, next_lease_end }: Tick, graceMs: number): number {
  const reapedAt = next_lease_end === null ? null : Math.max(next_lease_end, now + graceMs);
  const moments = [next_due_at, reapedAt].filter((at) => at !== null).map((at) => at - now + 1);
  return Math.max(SHORTEST_BEAT_MS, Math.min(BEAT_MS, ...moments));
}
