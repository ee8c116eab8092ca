/**
 * What supervisors do with the queue: claim tasks, tell their ends, keep their leases, take back what others lost. One
 * method a verb, one Lua script a transition, as in queue.ts.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { boundText, PROGRESS_MESSAGE_LENGTH } from './bounded-text.ts';
import {
  type ClaimRequest,
  claimArguments,
  type Finish,
  type FinishResult,
  finishArguments,
  type Run,
  remaining,
} from './claims.ts';
import { type Ring, waitForBell } from './doorbell.ts';
import { optional } from './fields.ts';
import { isRedisAway } from './gate.ts';
import { typesHeldBy } from './held-types.ts';
import { keyBase, queueKeys } from './keys.ts';
import { defineScripts, type OwnedResult, type QueueRedis, type RawClaims, type Scripts } from './scripts.ts';
import { SUPERVISOR_ALIVE_MS, type SupervisorDetails, storedDetails } from './supervisors.ts';
import type { ClaimedTask, TaskStatus } from './task.ts';
import { fromClaim } from './task-hash.ts';

/** How long a claim holds without a renewal, in ms: renewed every 1.3 s, so two renewals may be lost. */
export const LEASE_MS = 4000;

/** What came of a sleep. */
export interface Woken {
  ring: Ring;
  claimed: ClaimedTask[];
  /** When it was claimed: ms by the clock of Redis. */
  now: number;
}

export interface Tick {
  now: number;
  /** When the next delayed task is due; null when there is none. */
  next_due_at: number | null;
  /** When the earliest lease of any supervisor ends: when reap has something to do. */
  next_lease_end: number | null;
  /** Tasks that could be claimed now. */
  queued: number;
  /** Held tasks that belong to somebody else by now: stop them, their writes are refused. */
  lost: string[];
  /** Held tasks that somebody wishes to end: terminate their threads, and finish them as cancelled. */
  stops: string[];
  /** Terminal states that Postgres does not have yet: the auditor has something to do. */
  unaudited: number;
  /** Somebody wishes that this supervisor claims nothing new, and only ends what it runs. */
  draining: boolean;
}

export class SupervisedQueue {
  readonly keys: ReturnType<typeof queueKeys>;
  protected readonly run: Scripts;
  readonly #redis: QueueRedis;

  /** @param prefix REDIS_KEY_PREFIX, without braces */
  constructor(redis: QueueRedis, prefix: string) {
    this.keys = queueKeys(prefix);
    this.#redis = redis;
    this.run = defineScripts(redis, keyBase(prefix));
  }

  /**
   * Claims tasks for free threads: high before normal before low, first come first served, one of a type. They
   * are under a lease from then on, to be renewed by {@link tick}.
   */
  async claim(request: ClaimRequest): Promise<ClaimedTask[]> {
    const reply = await this.run.claim(...claimArguments(request));
    return this.#claimOn(request, reply);
  }

  /**
   * Ends runs of tasks and claims the next ones in the same call. A run that lost its claim is refused and
   * changes nothing; a finish that is sent again because its answer was lost counts as done.
   */
  async finish(
    finishes: readonly Finish[],
    next?: ClaimRequest,
  ): Promise<{ results: FinishResult[]; claimed: ClaimedTask[] }> {
    const request = next ?? { supervisor_id: '', free: 0, lease_ms: 0 };
    const [raw, results] = await this.run.finish(
      ...claimArguments(request),
      ...finishes.flatMap(finishArguments),
    );
    return {
      results: finishes.map(({ task_id }, i) => {
        const [result, status] = results[i] as [OwnedResult, string];
        return { task_id, result, status: (status || null) as TaskStatus | null };
      }),
      claimed: await this.#claimOn(request, raw),
    };
  }

  /**
   * Fills the request up where the script stopped at its bound of looks (many tasks of busy types). When Redis
   * goes away in between, what is claimed already counts: it is under a lease and must not be dropped.
   */
  async #claimOn(request: ClaimRequest, reply: RawClaims): Promise<ClaimedTask[]> {
    const claimed: ClaimedTask[] = [];
    let [more, ...raw] = reply;
    for (;;) {
      claimed.push(...raw.map(fromClaim));
      if (more !== 1) return claimed;
      try {
        [more, ...raw] = await this.run.claim(...claimArguments(remaining(request, claimed)));
      } catch (error) {
        if (isRedisAway(error)) return claimed;
        throw error;
      }
    }
  }

  /**
   * The periodic call of a supervisor, every 1.3 s or less while it holds something: its heartbeat, the leases of all
   * it holds, and the promotion of delayed tasks that are due.
   * @param details what the supervisor says of itself, for {@link crew}
   * @param silent_ms for how long it counts as alive without another beat
   */
  async tick(
    supervisor_id: string,
    held: readonly { task_id: string; fence: number }[],
    lease_ms: number,
    details?: SupervisorDetails,
    silent_ms = SUPERVISOR_ALIVE_MS,
  ): Promise<Tick> {
    const tasks = held.flatMap(({ task_id, fence }) => [task_id, fence]);
    const said = details ? storedDetails(details, silent_ms) : '';
    const reply = await this.run.tick(supervisor_id, lease_ms, silent_ms, said, ...tasks);
    const [now, due, leaseEnd, queued, lost, stops, unaudited, draining] = reply;
    const moments = { now, next_due_at: optional(due), next_lease_end: optional(leaseEnd) };
    return { ...moments, queued, lost, stops, unaudited, draining: draining === 1 };
  }

  /**
   * The beat of a supervisor that holds nothing and saw nothing at its last {@link tick}.
   * @param silent_ms what it announced there
   * @param copies whether it has ends of tasks to copy into Postgres
   * @returns ms by the clock of Redis; null when anything stirs: then a whole {@link tick} is due
   */
  async rest(supervisor_id: string, silent_ms: number, copies: boolean): Promise<number | null> {
    return optional(await this.run.rest(supervisor_id, silent_ms, copies ? 1 : 0));
  }

  /** A supervisor that ends in good order counts as gone at once. Its tasks are handed back before. */
  async leave(supervisor_id: string): Promise<void> {
    await Promise.all([
      this.#redis.zrem(this.keys.supervisors, supervisor_id),
      this.#redis.hdel(this.keys.supervisorDetails, supervisor_id),
      this.#redis.srem(this.keys.draining, supervisor_id),
    ]);
  }

  /**
   * Takes back tasks whose lease has ended: to pending with one loss more, without using an attempt, or to
   * failed (`supervisor_lost`) at the fifth loss in a row.
   * @param limit tasks at most
   * @returns also what stands under an ended lease and is no running task: for {@link forget}
   */
  async reap(limit = 100): Promise<{ taken: FinishResult[]; gone: string[]; next_lease_end: number | null }> {
    const [leaseEnd, ...raw] = await this.run.reap(limit);
    const [gone, reaped] = [raw.filter(isGone), raw.filter((one) => !isGone(one))];
    const taken = reaped.map(([task_id, status]) => ({
      task_id,
      result: 'done' as const,
      status: status as TaskStatus,
    }));
    return { taken, gone: gone.map(([task_id]) => task_id), next_lease_end: optional(leaseEnd) };
  }

  /**
   * Forgets a task whose hash was deleted by hand while it ran, and frees the job type that it holds.
   * @returns the types; null when it is a running task after all
   */
  async forget(task_id: string): Promise<string[] | null> {
    const held = await typesHeldBy(this.#redis, this.keys.type(''), task_id);
    return (await this.run.forget(task_id, ...held)) === 1 ? held : null;
  }

  /**
   * Notes how far a run is. Neither figure ever falls.
   * @param progress 0..100, kept to one decimal
   * @returns whether it was taken: false when the run lost its claim
   */
  async progress(
    run: Run,
    progress: number,
    records_processed: number,
    message: string | null = null,
  ): Promise<boolean> {
    const percent = Math.floor(Math.min(100, Math.max(0, progress)) * 10) / 10;
    const text = boundText(message ?? '', PROGRESS_MESSAGE_LENGTH);
    const { task_id, supervisor_id, fence } = run;
    const done = await this.run.progress(task_id, supervisor_id, fence, percent, records_processed, text);
    return done === 'done';
  }

  /** Work of a run is committed: losses in a row start from 0. Returns false when the run lost its claim. */
  async checkpoint(run: Run): Promise<boolean> {
    return (await this.run.checkpoint(run.task_id, run.supervisor_id, run.fence)) === 'done';
  }

  /** Until the deadline of a run, in ms to three decimals; below 0 past it, null when the run lost its claim. */
  async timeLeft(run: Run): Promise<number | null> {
    const left = await this.run.time_left(run.task_id, run.supervisor_id, run.fence);
    return left === null ? null : left / 1000;
  }

  /**
   * Postgres holds a higher fence of the type than Redis gave (Redis was emptied): the counter jumps over it.
   * Only for the run that holds the type now; hand it back afterwards. Returns whether it was raised.
   */
  async raiseFence({ task_id, supervisor_id, fence }: Run, known: number): Promise<boolean> {
    return (await this.run.raise_fence(task_id, supervisor_id, fence, known)) === 1;
  }

  /** Sleeps on a blocking connection of its own until there is work; see {@link waitForBell}. */
  waitForBell(connection: QueueRedis, timeout_ms: number): Promise<Ring> {
    return waitForBell(connection, timeout_ms, this.keys.doorbell);
  }

  /**
   * Sleeps until there is work, or this supervisor is woken, and claims in the same moment: the claim waits in Redis
   * behind the sleep. For a queue on a blocking connection of its own.
   * @param alive_ms nothing is claimed for one that does not count as alive for so long more
   */
  async sleep(request: ClaimRequest, timeout_ms: number, alive_ms: number): Promise<Woken> {
    const { doorbell, bell } = this.keys;
    const rings = waitForBell(this.#redis, timeout_ms, doorbell, bell(request.supervisor_id));
    const claims = this.run.claim_rung(...claimArguments(request), alive_ms);
    const woken = rings.catch(() => null);
    // The claim comes back after the sleep; before it only when the two were parted (a redirection in a cluster). What
    // it has claimed counts in any case.
    const [now, reply] = await claims;
    const ring = await Promise.race([woken, nextTurn(null)]);
    return { ring, now, claimed: await this.#claimOn(request, reply) };
  }

  /** Wakes a supervisor that sleeps. */
  async wake(supervisor_id: string): Promise<void> {
    await this.run.wake(supervisor_id);
  }
}

const isGone = ([, status]: [string, string, string]) => status === 'gone';
