/**
 * The pulse of a supervisor: its heartbeat, the leases of all tasks it holds, and the promotion of delayed tasks that are
 * due, in one script. It beats earlier when a delayed task falls due or a lease ends, so that neither is found late. What
 * becomes of a lease that can't be renewed is lease-watch.ts's to see.
 *
 *   holds tasks: every 1.3 s ──nothing held──▶ every 1.9 s ──nothing stirs anywhere──▶ rest: every 4 s, a smaller script
 *        ▲                                       ▲    └──────── it is woken, or something stirs ────────┘
 *        └──────────── a claim ──────────────────┘
 */
import { Actor } from '../actors/actor.ts';
import { monotonicMs } from '../clock.ts';
import type { Logger } from '../log.ts';
import { isRedisAway } from '../queue/gate.ts';
import { LEASE_MS, type Queue, type Tick } from '../queue/queue.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { SUPERVISOR_ALIVE_MS, type SupervisorDetails } from '../queue/supervisors.ts';
import type { Auditor } from './auditor.ts';
import { leaseEnd } from './lease-watch.ts';
import type { Puller } from './puller.ts';
import type { Reaper } from './reaper.ts';
import type { RedisClock } from './redis-clock.ts';
import type { TaskRuns } from './task-runs.ts';

/** Three beats in the life of a lease, so that two may be lost. In ms. */
export const BEAT_MS = 1_300;
/**
 * While nothing is held there is no lease to renew, and a lease of another that ends is still found at its end: it lasts
 * longer than this. Two beats in the 5 s after which a silent supervisor counts as gone. In ms.
 */
const IDLE_BEAT_MS = 1_900;
/**
 * While nothing stirs anywhere. A lease that begins meanwhile lasts as long, so its end is seen before it comes; and a
 * ring that was lost is made up for by then. In ms.
 */
const REST_BEAT_MS = LEASE_MS;
/** Announced before it rests: two beats in that time. In ms. */
const REST_SILENT_MS = 2 * REST_BEAT_MS;
/** One that does not count as alive for so long more has missed a beat, at rest or not: nothing is claimed for it. In ms. */
export const ALIVE_TO_CLAIM_MS = 2_500;
/** Beats at rest before a whole one, which also forgets what is past its days: one in a minute. */
const RESTS_IN_A_ROW = 14;
/** Leases may have ended by no fault of their owners when no beat got through for this long, in ms. */
const OUTAGE_MS = LEASE_MS - BEAT_MS;
/** A beat that comes so much later than it should. In ms. */
const LATE_MS = OUTAGE_MS - IDLE_BEAT_MS;
/** How long their owners then get to come back before anything is taken from them: a reconnection and a beat. In ms. */
const GRACE_MS = 2_000;
/** Never beats faster than this, in ms, however many moments fall due. */
const SHORTEST_BEAT_MS = 20;

interface Parts {
  supervisor_id: string;
  queue: Queue;
  /** The queue's connection: that it broke is noticed between two beats too. */
  redis: QueueRedis;
  runs: TaskRuns;
  puller: Puller;
  reaper: Reaper;
  clock: RedisClock;
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
  /** Its connection broke since the last beat. */
  #broken = false;
  /** At the last beat nothing stirred anywhere. */
  #quiet = false;
  /** What the last whole beat announced, in ms. */
  #announced = SUPERVISOR_ALIVE_MS;
  #rests = 0;
  /** Until then, by the monotonic clock, nobody's lease is taken as ended. */
  #graceUntil = 0;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
    for (const event of ['close', '-node']) {
      parts.redis.on(event, () => {
        this.#broken = true;
      });
    }
  }

  protected override started(): void {
    this.#lastBeat = monotonicMs();
    this.#parts.runs.onFirst(() => this.#hasLeases());
    this.tell('beat');
  }

  /** Somebody has rung for this supervisor. */
  beatNow(): void {
    this.tell('beat');
  }

  protected override async stopping(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  protected override async handle(): Promise<void> {
    clearTimeout(this.#timer); // one beat leads to one more, however many there were
    let pause = BEAT_MS;
    try {
      pause = (await this.#rest()) ? this.#usual : await this.#beat();
    } catch (error) {
      if (!isRedisAway(error)) throw error;
      this.#notHeard(error);
    }
    this.#beatIn(pause);
  }

  /** The beat at rest. @returns false when a whole one is due */
  async #rest(): Promise<boolean> {
    const { supervisor_id, queue, auditor, clock } = this.#parts;
    if (!this.#rests || !this.#resting) return false;
    const asked = monotonicMs();
    const now = await queue.rest(supervisor_id, REST_SILENT_MS, auditor.copies);
    if (now === null) return false;
    clock.note(now, asked);
    this.#rests -= 1;
    this.#noteBeat();
    return true;
  }

  /** A whole one. @returns the pause until the next one, in ms */
  async #beat(): Promise<number> {
    const { supervisor_id, queue, runs, clock, self } = this.#parts;
    const asked = monotonicMs();
    // The runs that were asked about: by the answer, a task that was lost may have been claimed again.
    const held = runs.held();
    const claims = held.map(({ task }) => task);
    const silent = this.#quiet && held.length === 0 ? REST_SILENT_MS : SUPERVISOR_ALIVE_MS;
    const tick = await queue.tick(supervisor_id, claims, LEASE_MS, self(), silent);
    clock.note(tick.now, asked);
    this.#announced = silent;
    this.#rests = RESTS_IN_A_ROW;
    for (const run of held) {
      if (tick.lost.includes(run.task.task_id)) run.stop('lease_lost');
      else run.renewed(leaseEnd(asked));
    }
    for (const run of held) if (tick.stops.includes(run.task.task_id)) run.stop('cancelled');
    this.#heard(tick);
    return untilNext(tick, this.#graceUntil - this.#lastBeat, this.#usual);
  }

  /** Nothing is held, nothing stirs, and everybody knows for how long it may be silent. */
  get #resting(): boolean {
    return this.#quiet && this.#announced === REST_SILENT_MS && this.#parts.runs.size === 0;
  }

  /** The pause when nothing falls due before, in ms. */
  get #usual(): number {
    if (this.#resting) return REST_BEAT_MS;
    return this.#parts.runs.size === 0 ? IDLE_BEAT_MS : BEAT_MS;
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
    const { puller, reaper, auditor } = this.#parts;
    this.#noteBeat();
    puller.drain(tick.draining);
    // The safety poll: a ring of the doorbell can be lost, the count can't.
    if (tick.queued > 0) puller.poll();
    if (tick.unaudited > 0) auditor.look();
    const ended = tick.next_lease_end !== null && tick.next_lease_end <= tick.now;
    if (ended && this.#lastBeat >= this.#graceUntil) reaper.tell('reap');
    const waits = tick.queued > 0 || tick.next_due_at !== null || (tick.unaudited > 0 && auditor.copies);
    this.#quiet = !waits && tick.next_lease_end === null && !tick.draining;
  }

  /** One got through. */
  #noteBeat(): void {
    if (this.#away) this.#parts.log.info('Redis is back');
    const now = monotonicMs();
    const late = now - this.#lastBeat > OUTAGE_MS && now > this.#nextBeat + LATE_MS;
    if (late || this.#away || this.#broken) this.#graceUntil = now + GRACE_MS;
    this.#away = false;
    this.#broken = false;
    this.#lastBeat = now;
  }

  #notHeard(error: unknown): void {
    if (!this.#away) this.#parts.log.warn({ err: error }, 'Redis is away: nothing can be claimed or renewed');
    this.#away = true;
    this.#quiet = false;
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
