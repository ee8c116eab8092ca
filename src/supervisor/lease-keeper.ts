/**
 * The pulse of a supervisor, one script call every 1.3 s (1.9 s while it holds nothing): its heartbeat, the leases of all tasks it holds, and
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
/**
 * While nothing is held there is no lease to renew, and a lease of another that ends is still found at its end: it lasts
 * longer than this. Two beats in the 5 s after which a silent supervisor counts as gone. In ms.
 */
const IDLE_BEAT_MS = 1_900;
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
  /** When the next beat is due, by the monotonic clock, in ms. */
  #nextBeat = Number.POSITIVE_INFINITY;
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
    this.#parts.runs.onFirst(() => this.#hasLeases());
    this.tell('beat');
  }

  protected override async stopping(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
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
      const usual = runs.size === 0 ? IDLE_BEAT_MS : BEAT_MS;
      pause = untilNext(tick, this.#graceUntil - this.#lastBeat, usual);
    } catch (error) {
      if (!isRedisAway(error)) throw error;
      this.#notHeard(error);
    }
    this.#beatIn(pause);
  }

  #beatIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#nextBeat = monotonicMs() + ms;
    this.#timer = setTimeout(() => this.tell('beat'), ms);
  }

  /** Something is held again: its lease is renewed as early as any. */
  #hasLeases(): void {
    if (this.#timer && this.#nextBeat > monotonicMs() + BEAT_MS) this.#beatIn(BEAT_MS);
  }

  #heard(tick: Tick): void {
    const { puller, reaper, auditor, log } = this.#parts;
    if (this.#away) log.info('Redis is back');
    this.#away = false;
    const now = monotonicMs();
    if (now - this.#lastBeat > OUTAGE_MS) this.#graceUntil = now + GRACE_MS;
    this.#lastBeat = now;
    puller.drain(tick.draining);
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
 * @param usual the pause when nothing falls due before, in ms.
 */
function untilNext({ now, next_due_at, next_lease_end }: Tick, graceMs: number, usual: number): number {
  const reapedAt = next_lease_end === null ? null : Math.max(next_lease_end, now + graceMs);
  const moments = [next_due_at, reapedAt].filter((at) => at !== null).map((at) => at - now + 1);
  return Math.max(SHORTEST_BEAT_MS, Math.min(usual, ...moments));
}
