/**
 * Pulls tasks for free threads and tells the queue how runs ended. Both travel in one call: a finish claims the
 * next task, and what ends while a call is under way goes with the next one. Under load this is what makes the
 * difference (peers.md: batching is the largest single lesson of the field).
 */
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Actor } from '../actors/actor.ts';
import { monotonicMs } from '../clock.ts';
import type { ClaimRequest, Finish } from '../queue/claims.ts';
import { isRedisAway } from '../queue/gate.ts';
import { LEASE_MS } from '../queue/queue.ts';
import type { ClaimedTask } from '../queue/task.ts';
import { leaseEnd } from './lease-watch.ts';
import { TaskRun, type TaskRunParts } from './task-run.ts';
import type { TaskRuns } from './task-runs.ts';
import { RESERVE_FROM_THREADS } from './thread-pool.ts';

/** While Redis is away, the queue is spoken to again after this pause, in ms. */
const AWAY_PAUSE_MS = 500;
/** Finishes in one call, at most. */
const TOLD_AT_ONCE = 100;

interface Ended extends Finish {
  run: TaskRun;
}

export class Puller extends Actor<'look' | 'tell'> {
  readonly name = 'puller';
  #parts: TaskRunParts;
  #runs: TaskRuns;
  #ended: Ended[] = [];
  #accepting = true;
  #hungry = false;
  #events = new EventEmitter();
  #stopping = new AbortController();

  constructor(parts: TaskRunParts, runs: TaskRuns) {
    super();
    this.#parts = parts;
    this.#runs = runs;
  }

  /** Resolves when threads are free that the queue had no task for. @throws AbortError */
  async untilHungry(signal: AbortSignal): Promise<void> {
    if (!this.#hungry) await once(this.#events, 'hungry', { signal });
  }

  /** There may be work. */
  look(): void {
    this.#hungry = false;
    this.tell('look');
  }

  /**
   * From now on ends are told, but nothing new is claimed. Resolves when no claim is on its way any more: what one
   * that was still brings goes straight back.
   */
  async stopAccepting(): Promise<void> {
    this.#accepting = false;
    this.#hungry = false;
    await this.settled();
  }

  protected override started(): void {
    this.#stopping = new AbortController();
    this.look();
  }

  protected override async stopping(): Promise<void> {
    this.#stopping.abort();
  }

  protected override async handle(message: 'look' | 'tell'): Promise<void> {
    if (message === 'tell' && this.#ended.length === 0) return; // went with an earlier call
    const ended = this.#ended.splice(0, TOLD_AT_ONCE);
    const request = this.#request(ended.length);
    try {
      await this.#speak(ended, request);
    } catch (error) {
      this.#ended.unshift(...ended);
      if (!isRedisAway(error)) throw error;
      await delay(AWAY_PAUSE_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
      this.tell(message);
    }
  }

  async #speak(ended: Ended[], request: ClaimRequest): Promise<void> {
    const { queue, log } = this.#parts;
    const wanted = request.free + (request.reserved ?? 0);
    if (ended.length === 0 && wanted === 0) return;
    const leaseUntil = leaseEnd(monotonicMs());
    const { results, claimed } =
      ended.length === 0
        ? { results: [], claimed: await queue.claim(request) }
        : await queue.finish(ended, request);
    for (const [i, { run, outcome }] of ended.entries()) {
      this.#runs.remove(run);
      const { task_id, job_type, fence } = run.task;
      // Of what went well the history tells; a line each would be the dearest part of a short task.
      const level = outcome.kind === 'completed' && results[i]?.result === 'done' ? 'debug' : 'info';
      log[level]({ task_id, job_type, fence, ...results[i], outcome }, 'a run ended');
    }
    for (const task of claimed) this.#begin(task, leaseUntil);
    this.#hungry = this.#accepting && claimed.length < wanted;
    if (this.#hungry) this.#events.emit('hungry');
  }

  /**
   * As many as threads are free, and while tasks are very short some ahead (claim-ahead.ts).
   * @param ending runs whose end travels with this claim: their threads are free.
   */
  #request(ending: number): ClaimRequest {
    const { pool, supervisor_id } = this.#parts;
    const room = pool.size + pool.ahead - this.#runs.size + ending;
    const free = this.#accepting ? Math.max(0, room) : 0;
    const spared = pool.size >= RESERVE_FROM_THREADS && this.#runs.high === 0 ? Math.min(1, free) : 0;
    return { supervisor_id, free: free - spared, reserved: spared, lease_ms: LEASE_MS };
  }

  #begin(task: ClaimedTask, leaseUntil: number): void {
    const { supervisor_id, log } = this.#parts;
    const { task_id, job_type, attempt, fence } = task;
    const run = new TaskRun(task, leaseUntil, this.#parts);
    this.#runs.add(run);
    log.debug({ task_id, job_type, attempt, fence }, 'a run began');
    if (!this.#accepting) run.stop('shutdown');
    run.live().then((outcome) => {
      if (!outcome) {
        this.#runs.remove(run);
        this.look();
        return;
      }
      this.#ended.push({ run, task_id, supervisor_id, fence, outcome });
      this.tell('tell');
    });
  }
}
