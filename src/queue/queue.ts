/**
 * The task queue: one method a verb, one Lua script a transition (src/queue/lua). It keeps no state of its own,
 * so any number of them, in any number of processes, share the queue. Times are ms by the clock of Redis.
 */
import { ApiError } from '../errors.ts';
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
import { type Depth, depthOf } from './depth.ts';
import { waitForBell } from './doorbell.ts';
import { Executions, withNewIds } from './executions.ts';
import { optional } from './fields.ts';
import { isRedisAway } from './gate.ts';
import { typesHeldBy } from './held-types.ts';
import { keyBase, queueKeys } from './keys.ts';
import { newId } from './new-id.ts';
import { defineScripts, type OwnedResult, type QueueRedis, type RawClaims, type Scripts } from './scripts.ts';
import { type Crew, SUPERVISOR_ALIVE_MS, type SupervisorDetails, toCrew } from './supervisors.ts';
import { type ClaimedTask, type NewTask, TASK_STATUSES, type Task, type TaskStatus } from './task.ts';
import { fromClaim, fromHash, toArguments } from './task-hash.ts';
import { factsOf, type Waiting, waitingOf } from './waiting.ts';

/** How long a claim holds without a renewal, in ms: renewed every 1.3 s, so two renewals may be lost. */
export const LEASE_MS = 4000;
/** Tasks of one submit script: some 5 ms of Redis. */
const SUBMITTED_AT_ONCE = 500;
/** Furthest that a list can be paged, in tasks. */
const LISTED_AT_MOST = 10_000;

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
}
export interface Position {
  place: 'queue' | 'parked' | 'delayed' | 'blocked' | Exclude<TaskStatus, 'pending'>;
  /** Tasks that come before it; null where that has no meaning. */
  ahead: number | null;
}
/** What a manual retry does not copy. */
export type RetryChanges = Partial<Pick<NewTask, 'params' | 'priority' | 'max_attempts' | 'timeout_seconds'>>;
export interface ListQuery {
  status?: TaskStatus;
  job_type?: string;
  offset?: number;
  limit?: number;
}

export class Queue {
  readonly keys: ReturnType<typeof queueKeys>;
  readonly executions: Executions;
  readonly #redis: QueueRedis;
  readonly #run: Scripts;

  /** @param prefix REDIS_KEY_PREFIX, without braces */
  constructor(redis: QueueRedis, prefix: string) {
    this.keys = queueKeys(prefix);
    this.#redis = redis;
    this.#run = defineScripts(redis, keyBase(prefix));
    this.executions = new Executions(this.#run);
  }

  /**
   * Puts tasks into the queue, in order, and wakes idle supervisors. One flight for all of them; up to 500 at a
   * time appear together. A task whose id exists already is left as it is: `created` is false.
   */
  async submit(tasks: readonly NewTask[]): Promise<{ task_id: string; created: boolean }[]> {
    const named = tasks.map((task) => ({ ...task, task_id: task.task_id ?? newId() }));
    const flights: Promise<number[]>[] = [];
    for (let from = 0; from < named.length; from += SUBMITTED_AT_ONCE) {
      flights.push(this.#run.submit(...named.slice(from, from + SUBMITTED_AT_ONCE).flatMap(toArguments)));
    }
    const created = (await Promise.all(flights)).flat();
    return named.map(({ task_id }, i) => ({ task_id, created: created[i] === 1 }));
  }

  async get(task_id: string): Promise<Task | null> {
    return (await this.getMany([task_id]))[0] ?? null;
  }

  /** The tasks at one moment, in the order of the ids; null for an unknown one. */
  async getMany(task_ids: readonly string[]): Promise<(Task | null)[]> {
    if (task_ids.length === 0) return [];
    const raw = await this.#run.read(...task_ids);
    return task_ids.map((task_id, i) => {
      const fields = raw[i];
      return fields ? fromHash(task_id, fields) : null;
    });
  }

  /**
   * A page of tasks, newest submission first (50 unless said otherwise, within the newest 10,000).
   * `total` counts all tasks of the status; with a job_type those of the type among the newest 10,000.
   */
  async list(query: ListQuery = {}): Promise<{ tasks: Task[]; total: number }> {
    const { status, job_type = '', offset = 0, limit = 50 } = query;
    const from = Math.min(offset, LISTED_AT_MOST);
    const count = Math.min(limit, LISTED_AT_MOST - from);
    const [total, ...raw] = await this.#run.list(
      job_type,
      from,
      count,
      ...(status ? [status] : TASK_STATUSES),
    );
    return { total, tasks: raw.map(([task_id, ...fields]) => fromHash(task_id as string, fields)) };
  }

  async depth(): Promise<Depth> {
    return depthOf(await this.#run.depth(SUPERVISOR_ALIVE_MS));
  }

  /** Where a task stands; null when it is unknown. */
  async position(task_id: string): Promise<Position | null> {
    const reply = await this.#run.position(task_id);
    return reply && { place: reply[0] as Position['place'], ahead: optional(reply[1]) };
  }

  /** A task, how many stand before it where it waits, and why it waits; null when it is unknown. One moment. */
  async look(task_id: string): Promise<{ task: Task; ahead: number | null; waiting: Waiting | null } | null> {
    const raw = await this.#run.look(task_id, SUPERVISOR_ALIVE_MS);
    if (!raw) return null;
    const [task, facts] = [fromHash(task_id, raw[0]), factsOf(raw)];
    return { task, ahead: optional(facts.ahead), waiting: waitingOf(task, facts) };
  }

  /**
   * Cancels a task that waits: in a queue, for its type, or for its retry. It can never run afterwards.
   * @throws ApiError TASK_NOT_FOUND, or TASK_NOT_PENDING when it runs (use stop) or has ended
   */
  async cancel(task_id: string): Promise<Task> {
    const [result, status] = await this.#run.cancel(task_id);
    const task = result === 'unknown' ? null : await this.get(task_id);
    if (!task) throw new ApiError('TASK_NOT_FOUND', `There is no task ${task_id}.`);
    if (result === 'done') return task;
    const message =
      status === 'running'
        ? `Task ${task_id} is running and can't be cancelled; use stop to end it.`
        : `Task ${task_id} has ended already (${status}).`;
    throw new ApiError('TASK_NOT_PENDING', message);
  }

  /**
   * Wishes that a running task ends: its supervisor learns of it at its next {@link tick}, and the task becomes
   * cancelled when its thread has left it, or when its supervisor is lost. A natural end that comes first stands.
   * Wishing twice is harmless.
   * @returns the task, still running
   * @throws ApiError TASK_NOT_FOUND, or TASK_NOT_RUNNING when it waits (use cancel) or has ended
   */
  async stop(task_id: string): Promise<Task> {
    const [result, status] = await this.#run.stop(task_id);
    const task = result === 'unknown' ? null : await this.get(task_id);
    if (!task) throw new ApiError('TASK_NOT_FOUND', `There is no task ${task_id}.`);
    if (result === 'done') return task;
    const message =
      status === 'pending'
        ? `Task ${task_id} is not running, it waits; use cancel to end it.`
        : `Task ${task_id} has ended already (${status}).`;
    throw new ApiError('TASK_NOT_RUNNING', message);
  }

  /**
   * Runs a failed or cancelled task once more, as a new task; of two callers one is refused. In an execution it takes
   * the old one's place, and what that had kept from running follows it.
   * @param changes what differs from the old task
   * @throws ApiError TASK_NOT_FOUND or TASK_NOT_RETRYABLE
   */
  async retry(task_id: string, changes: RetryChanges = {}): Promise<Task> {
    const { params, priority = '', max_attempts = '', timeout_seconds = '' } = changes;
    const edits = [params ? JSON.stringify(params) : '', priority, max_attempts, timeout_seconds];
    const [result, told] = await withNewIds((ids) => this.#run.retry(task_id, ...edits, ...ids));
    const task = result === 'done' ? await this.get(String(told)) : null;
    if (task) return task;
    if (result === 'unknown') throw new ApiError('TASK_NOT_FOUND', `There is no task ${task_id}.`);
    const why = {
      retried: `was retried already, as task ${told}; retry that one`,
      hindered: `depends on task ${told}, which has not completed; retry that one or the execution`,
    };
    const reason =
      why[result as keyof typeof why] ?? `is ${told}; only a failed or cancelled task is retried`;
    throw new ApiError('TASK_NOT_RETRYABLE', `Task ${task_id} ${reason}.`);
  }

  /**
   * Claims tasks for free threads: high before normal before low, first come first served, one of a type. They
   * are under a lease from then on, to be renewed by {@link tick}.
   */
  async claim(request: ClaimRequest): Promise<ClaimedTask[]> {
    const reply = await this.#run.claim(...claimArguments(request));
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
    const [raw, results] = await this.#run.finish(
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
        [more, ...raw] = await this.#run.claim(...claimArguments(remaining(request, claimed)));
      } catch (error) {
        if (isRedisAway(error)) return claimed;
        throw error;
      }
    }
  }

  /**
   * The periodic call of a supervisor, every 1.3 s or less: its heartbeat, the leases of all it holds, and the
   * promotion of delayed tasks that are due.
   * @param details what the supervisor says of itself, for {@link crew}
   */
  async tick(
    supervisor_id: string,
    held: readonly { task_id: string; fence: number }[],
    lease_ms: number,
    details?: SupervisorDetails,
  ): Promise<Tick> {
    const tasks = held.flatMap(({ task_id, fence }) => [task_id, fence]);
    const said = details ? JSON.stringify(details) : '';
    const reply = await this.#run.tick(supervisor_id, lease_ms, said, ...tasks);
    const [now, due, leaseEnd, queued, lost, stops, unaudited] = reply;
    const moments = { now, next_due_at: optional(due), next_lease_end: optional(leaseEnd) };
    return { ...moments, queued, lost, stops, unaudited };
  }

  /** A supervisor that ends in good order counts as gone at once. Its tasks are handed back before. */
  async leave(supervisor_id: string): Promise<void> {
    await Promise.all([
      this.#redis.zrem(this.keys.supervisors, supervisor_id),
      this.#redis.hdel(this.keys.supervisorDetails, supervisor_id),
    ]);
  }

  /** The supervisors that were heard within the last minute, what each of them runs, and how long work waits. */
  async crew(): Promise<Crew> {
    return toCrew(await this.#run.supervisors());
  }

  /**
   * Takes back tasks whose lease has ended: to pending with one loss more, without using an attempt, or to
   * failed (`supervisor_lost`) at the fifth loss in a row.
   * @param limit tasks at most
   * @returns also what stands under an ended lease and is no running task: for {@link forget}
   */
  async reap(limit = 100): Promise<{ taken: FinishResult[]; gone: string[]; next_lease_end: number | null }> {
    const [leaseEnd, ...raw] = await this.#run.reap(limit);
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
    return (await this.#run.forget(task_id, ...held)) === 1 ? held : null;
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
    const done = await this.#run.progress(task_id, supervisor_id, fence, percent, records_processed, text);
    return done === 'done';
  }

  /** Work of a run is committed: losses in a row start from 0. Returns false when the run lost its claim. */
  async checkpoint(run: Run): Promise<boolean> {
    return (await this.#run.checkpoint(run.task_id, run.supervisor_id, run.fence)) === 'done';
  }

  /**
   * Postgres holds a higher fence of the type than Redis gave (Redis was emptied): the counter jumps over it.
   * Only for the task that holds the type now; hand it back afterwards. Returns whether it was raised.
   */
  async raiseFence(job_type: string, task_id: string, known: number): Promise<boolean> {
    return (await this.#run.raise_fence(job_type, task_id, known)) === 1;
  }

  /** Sleeps on a blocking connection of its own until there is work; see {@link waitForBell}. */
  waitForBell(connection: QueueRedis, timeout_ms: number): Promise<boolean> {
    return waitForBell(connection, this.keys.doorbell, timeout_ms);
  }
}

const isGone = ([, status]: [string, string, string]) => status === 'gone';
