/**
 * One claimed task from its claim to its end: job type lock, a place in a thread, deadline, permits, progress.
 *
 * The order at the end is what keeps two owners of a job type apart: the thread has left the task, then the lock
 * is released, then the queue is told, which frees the type for the next task.
 */
import { asError } from '../actors/service.ts';
import type { PermitSource } from '../limits/permit.ts';
import {
  type TypeLock,
  TypeLockLost,
  TypeLockRefused,
  type TypeLocks,
  TypeLockUnavailable,
} from '../limits/type-locks.ts';
import type { Logger } from '../log.ts';
import type { CallCount } from '../queue/call-count.ts';
import type { Run } from '../queue/claims.ts';
import { isRedisAway } from '../queue/gate.ts';
import type { Queue } from '../queue/queue.ts';
import type { ClaimedTask, Outcome } from '../queue/task.ts';
import { Deadline } from './deadline.ts';
import { leaseEnd } from './lease-watch.ts';
import type { FromThread } from './line.ts';
import { outcomeOf, type StopReason } from './outcome.ts';
import { PermitDesk } from './permit-desk.ts';
import { type Progress, ProgressWriter } from './progress-writer.ts';
import type { ThreadEnd, ThreadRun } from './thread.ts';
import type { ThreadPool } from './thread-pool.ts';

/** What every run of a supervisor needs. */
export interface TaskRunParts {
  supervisor_id: string;
  queue: Queue;
  pool: ThreadPool;
  locks: TypeLocks;
  window: PermitSource;
  /** TASK_RETRY_BASE_SECONDS in ms. */
  retryBaseMs: number;
  /** Counts the calls of each task. */
  calls: CallCount;
  /** A run leaves its slot: see TaskRun.leaving. */
  slotLeft(): void;
  log: Logger;
}

/** What could not be carried out for reasons of our own waits this long in the queue, in ms. */
const PAUSE_MS = 1_000;
/** After these there is nothing to renew. */
const LOCK_IS_GONE: readonly StopReason[] = ['lock_lost', 'lease_lost', 'lease_ended'];

export class TaskRun {
  readonly task: ClaimedTask;
  #parts: TaskRunParts;
  #run: Run;
  #lock: TypeLock | undefined;
  #thread: ThreadRun | undefined;
  #desk: PermitDesk | undefined;
  #deadline: Deadline | undefined;
  #stopped: StopReason | null = null;
  #leaseLost = false;
  #asked: number;
  #leaseUntil: number;
  #paused: string | null = null;
  #leaving = false;
  #over = false;

  /** @param claim when its claim was sent, by the monotonic clock, in ms, and with which value for its type's lock */
  constructor(task: ClaimedTask, claim: { asked: number; lock: string }, parts: TaskRunParts) {
    this.task = task;
    this.#asked = claim.asked;
    this.#leaseUntil = leaseEnd(claim.asked);
    this.#parts = parts;
    if (task.locked) this.#lock = parts.locks.claimed(task.job_type, claim.lock, claim.asked);
    this.#run = { task_id: task.task_id, supervisor_id: parts.supervisor_id, fence: task.fence };
  }

  /**
   * Runs the task until its thread has left it. Never rejects.
   * @returns what the queue is to be told, and the value of a lock that it is to release; null when the claim is
   * another's by now.
   */
  async live(): Promise<{ outcome: Outcome; lock: string } | null> {
    this.#deadline = new Deadline(this.task.time_left_ms, this.#asked, {
      observe: () => this.#thread?.observe(),
      timeLeft: () => this.#parts.queue.timeLeft(this.#run),
      claimNext: () => this.#leave(),
      kill: () => this.stop('timeout'),
    });
    const outcome = await this.#outcomeOfLife();
    this.#over = true;
    this.#deadline?.cancel();
    if (outcome && this.task.locked) return { outcome, lock: this.#lock?.leave() ?? '' };
    await this.#lock?.release();
    return outcome && { outcome, lock: '' };
  }

  async #outcomeOfLife(): Promise<Outcome | null> {
    try {
      // Without a wait where there is nothing to wait for: threads get the tasks of one claim in one message.
      const refused = this.#lock ? null : await this.#takeLock();
      return refused ?? (await this.#outcome(await this.#inThread()));
    } catch (thrown) {
      this.#log.error({ err: asError(thrown) }, 'a run failed outside its thread');
      return this.#back(PAUSE_MS, 'the supervisor could not carry it out');
    }
  }

  /** Made when something is to be said: most runs say nothing. */
  get #log(): Logger {
    const { task_id, job_type, fence } = this.task;
    return this.#parts.log.child({ task_id, job_type, fence });
  }

  /** Whether the claim belongs to somebody else by now: nothing is to be renewed for this run. */
  get leaseLost(): boolean {
    return this.#leaseLost;
  }

  /**
   * Until when nobody else can own the task or its type, by the monotonic clock, in ms: past it no thread may run. For
   * ever once the thread has left.
   */
  get held_until(): number {
    return this.#over ? Number.POSITIVE_INFINITY : Math.min(this.#leaseUntil, this.lock_until);
  }

  /** Until when its job type is locked for it, in the same way. */
  get lock_until(): number {
    return this.#lock?.expires_at ?? Number.POSITIVE_INFINITY;
  }

  /** The lease was renewed. @param until by the monotonic clock, in ms. */
  renewed(until: number): void {
    this.#leaseUntil = until;
  }

  /** Terminates the thread. The first reason stands. */
  stop(reason: StopReason): void {
    if (reason === 'lease_lost') this.#leaseLost = true;
    if (this.#stopped || this.#over) return;
    this.#stopped = reason;
    this.#thread?.kill(reason);
    this.#log.warn({ reason }, 'the thread of a task is terminated');
    this.#leave();
  }

  /** Its thread has left it: what is left to do is to tell the queue. */
  get over(): boolean {
    return this.#over;
  }

  /**
   * Its thread is terminated, or will be within ms: the next task may be claimed for its slot, though the thread has
   * not exited. (What the thread holds, its type and lock, stays held until then.)
   */
  get leaving(): boolean {
    return this.#leaving && !this.#over;
  }

  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#thread?.endsSoon();
    this.#parts.slotLeft();
  }

  /** Asks the task to pause at its next safe point; one that has not begun is past it. The first reason stands. */
  pause(reason: string): void {
    if (this.#paused || this.#stopped || this.#over) return;
    this.#paused = reason;
    this.#log.info({ reason }, 'a task is asked to pause');
    this.#tellPause(reason);
  }

  /** Renews the job type lock, also while a stopped thread has not left; a lock that is lost stops the thread. */
  async extendLock(): Promise<void> {
    const lock = this.#lock;
    if (!lock || this.#over || (this.#stopped && LOCK_IS_GONE.includes(this.#stopped))) return;
    try {
      await lock.extend();
    } catch (thrown) {
      if (this.#over) return; // it was released meanwhile
      const lost = thrown instanceof TypeLockLost;
      this.#log.warn({ err: thrown, lost }, 'the job type lock could not be renewed');
      if (lost) this.stop('lock_lost');
    }
  }

  #tellPause(reason: string): void {
    this.#thread?.withdraw(reason);
    this.#thread?.tell({ type: 'pause', reason });
  }

  async #inThread(): Promise<ThreadEnd> {
    if (this.#stopped) return { kind: 'killed', reason: this.#stopped };
    const { pool, supervisor_id } = this.#parts;
    const progress = new ProgressWriter((newest) => this.#store(newest));
    this.#thread = pool.run({ task: this.task, supervisor_id }, (message) => this.#hear(message, progress));
    if (this.#paused) this.#tellPause(this.#paused);
    const end = await this.#thread.ended;
    this.#desk?.close();
    await progress.end();
    return end;
  }

  #hear(message: FromThread, progress: ProgressWriter): void {
    switch (message.type) {
      case 'permit_wanted':
        this.#desk ??= new PermitDesk(this.#parts.window, (told) => this.#thread?.tell(told), this.#log);
        void this.#desk.wanted(message);
        break;
      case 'permit_used':
        this.#desk?.used(message.request, message.cut_short, message.answer);
        // Only for the report of the run: one that Redis did not take is not worth a word.
        void this.#parts.calls.note(this.task.task_id).catch(() => {});
        break;
      case 'permit_unwanted':
        this.#desk?.unwanted(message.request);
        break;
      case 'progress':
        progress.note(message);
        break;
      case 'checkpoint':
        void this.#write(() => this.#parts.queue.checkpoint(this.#run));
        break;
      case 'status_wanted':
        void this.#tellStatus(message.task_id);
        break;
    }
  }

  async #store({ progress, records_processed, message }: Progress): Promise<void> {
    await this.#write(() => this.#parts.queue.progress(this.#run, progress, records_processed, message));
  }

  async #tellStatus(task_id: string): Promise<void> {
    const task = await this.#parts.queue.get(task_id).catch(() => null);
    this.#thread?.tell({ type: 'status', task_id, status: task?.status ?? null });
  }

  /** A write that Redis could not take is made up for by the next one; a refused one means the claim is lost. */
  async #write(write: () => Promise<boolean>): Promise<void> {
    try {
      if (!(await write())) this.stop('lease_lost');
    } catch (thrown) {
      // That Redis is away is told once, by the lease keeper.
      const level = isRedisAway(thrown) ? 'debug' : 'warn';
      this.#log[level]({ err: asError(thrown) }, 'progress could not be stored');
    }
  }

  /** @returns why the run can't begin; null when the job type is locked for it. */
  async #takeLock(): Promise<Outcome | null> {
    try {
      this.#lock = await this.#parts.locks.acquire(this.task.job_type);
      return null;
    } catch (error) {
      this.#log.warn({ err: error }, 'the job type could not be locked');
      if (error instanceof TypeLockRefused)
        return this.#back(error.remaining_ms, 'the job type is locked by another run');
      if (error instanceof TypeLockUnavailable) return this.#back(PAUSE_MS, 'the lock servers do not answer');
      throw error;
    }
  }

  async #outcome(end: ThreadEnd): Promise<Outcome | null> {
    try {
      if (await this.#fenceWasLost(end)) return this.#back(0, 'Redis had lost the fence of this job type');
    } catch (error) {
      if (!isRedisAway(error)) throw error;
      return this.#back(PAUSE_MS, 'Postgres refused its fence, and Redis was away to say which one is right');
    }
    return outcomeOf(end, this.task, this.#stopped, this.#parts.retryBaseMs);
  }

  /**
   * Postgres refused a fence as too low. While the run still holds its type in Redis, no newer one refused it:
   * Redis was emptied and counts anew. The counter jumps over what Postgres knows (design § 4).
   */
  async #fenceWasLost(end: ThreadEnd): Promise<boolean> {
    if (end.kind !== 'result' || end.result.kind !== 'fenced') return false;
    const { fence } = this.task;
    const { known_fence } = end.result;
    const raised = await this.#parts.queue.raiseFence(this.#run, known_fence);
    if (raised)
      this.#log.warn(
        { fence, known_fence },
        'Redis had lost the fence of a job type; it counts on from there',
      );
    return raised;
  }

  #back(delay_ms: number, reason: string): Outcome {
    return { kind: 'handed_back', delay_ms, reason };
  }
}
