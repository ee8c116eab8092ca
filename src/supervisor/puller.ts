/**
 * Pulls tasks for free threads and tells the queue how runs ended. Both travel in one call: a finish claims the
 * next task, and what ends while a call is under way goes with the next one. Under load this is what makes the
 * difference (peers.md: batching is the largest single lesson of the field). Then a second call is sent before the
 * first has come back, so that Redis and this process work at the same time and not in turns.
 */
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Actor } from '../actors/actor.ts';
import { asError } from '../actors/service.ts';
import { monotonicMs } from '../clock.ts';
import type { ClaimRequest, Finish } from '../queue/claims.ts';
import { isRedisAway } from '../queue/gate.ts';
import { LEASE_MS } from '../queue/queue.ts';
import type { ClaimedTask } from '../queue/task.ts';
import { TaskRun, type TaskRunParts } from './task-run.ts';
import type { TaskRuns } from './task-runs.ts';
import { RESERVE_FROM_THREADS } from './thread-pool.ts';

/** While Redis is away, the queue is spoken to again after this pause, in ms. */
const AWAY_PAUSE_MS = 500;
/** Finishes in one call, at most. */
const TOLD_AT_ONCE = 100;
/** Calls on their way, at most. */
const CALLS_AT_ONCE = 2;
/** A second call is sent from so many ends on: its own costs are those of two ends. */
const WORTH_A_SECOND_CALL = 8;

interface Ended extends Finish {
  run: TaskRun;
}

/** One call on its way. */
interface Call {
  ended: Ended[];
  request: ClaimRequest;
  /** Tasks that it asks for. */
  wanted: number;
  /** Resolves, and never rejects, when it has come back. */
  back: Promise<void>;
}

/** `look`: there may be work; `tell`: a run has ended, or a call has come back; an error: of a call. */
export class Puller extends Actor<'look' | 'tell' | Error> {
  readonly name = 'puller';
  #parts: TaskRunParts;
  #runs: TaskRuns;
  #ended: Ended[] = [];
  #looking = false;
  #calls = new Set<Call>();
  #accepting = true;
  #draining = false;
  #hungry = false;
  #events = new EventEmitter();
  #stopping = new AbortController();

  constructor(parts: Omit<TaskRunParts, 'slotLeft'>, runs: TaskRuns) {
    super();
    this.#parts = { ...parts, slotLeft: () => this.look() };
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
    await this.#allBack();
  }

  /**
   * Whether nothing new is claimed for now: what runs, and what a claim on its way brings, is run all the same. (The
   * doorbell that it still sleeps at may ring once in vain; the others' next beat makes up for it.)
   */
  drain(draining: boolean): void {
    if (draining === this.#draining) return;
    this.#draining = draining;
    this.#parts.log.info(draining ? 'the supervisor drains' : 'the supervisor takes tasks again');
    this.look();
  }

  /** Whether it may claim. */
  get #claiming(): boolean {
    return this.#accepting && !this.#draining;
  }

  protected override started(): void {
    this.#stopping = new AbortController();
    this.look();
  }

  protected override async stopping(): Promise<void> {
    this.#stopping.abort();
    await this.#allBack();
  }

  protected override async handle(message: 'look' | 'tell' | Error): Promise<void> {
    if (message instanceof Error) throw message;
    if (message === 'look') this.#looking = true;
    const { length } = this.#ended;
    if (length === 0 && !this.#looking) return; // went with an earlier call
    // What is not worth a call of its own goes when one comes back.
    if (this.#calls.size > 0 && length < WORTH_A_SECOND_CALL) return;
    if (this.#calls.size < CALLS_AT_ONCE) this.#send();
  }

  #send(): void {
    const ended = this.#ended.splice(0, TOLD_AT_ONCE);
    const request = this.#request(ended.length);
    const wanted = request.free + (request.reserved ?? 0);
    this.#looking = false;
    if (ended.length === 0 && wanted === 0) return;
    const call: Call = { ended, request, wanted, back: Promise.resolve() };
    this.#calls.add(call);
    call.back = this.#speak(call)
      .catch((thrown) => this.#failed(call, thrown))
      .finally(() => {
        this.#calls.delete(call);
        this.tell('tell');
      });
  }

  async #allBack(): Promise<void> {
    await Promise.all([...this.#calls].map((call) => call.back));
  }

  async #failed({ ended }: Call, thrown: unknown): Promise<void> {
    this.#ended.unshift(...ended);
    this.#looking = true;
    if (isRedisAway(thrown)) {
      await delay(AWAY_PAUSE_MS, undefined, { signal: this.#stopping.signal }).catch(() => {});
    } else {
      this.tell(asError(thrown));
    }
  }

  async #speak({ ended, request, wanted }: Call): Promise<void> {
    const { queue, log } = this.#parts;
    const claim = { asked: monotonicMs(), lock: request.lock ?? '' };
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
    for (const task of claimed) this.#begin(task, claim);
    if (wanted === 0) return;
    this.#hungry = this.#claiming && claimed.length < wanted;
    if (this.#hungry) this.#events.emit('hungry');
    else this.#looking = true; // what came free meanwhile was not asked for
  }

  /**
   * As many as threads are free, and while tasks are very short some ahead (claim-ahead.ts).
   * @param ending runs whose end travels with this claim: their threads are free.
   */
  #request(ending: number): ClaimRequest {
    const { pool, supervisor_id, locks } = this.#parts;
    const calls = [...this.#calls];
    const given = calls.reduce((sum, { ended, wanted }) => sum + wanted - ended.length, 0);
    const { leaving } = this.#runs;
    const held = this.#runs.size - (leaving ? 1 : 0);
    const high = this.#runs.high - (leaving?.task.priority === 0 ? 1 : 0);
    const room = pool.size + pool.ahead - held + ending - given;
    const free = this.#claiming ? Math.max(0, room) : 0;
    const isKept = high === 0 && !calls.some(({ request }) => request.reserved === 1);
    const spared = pool.size >= RESERVE_FROM_THREADS && isKept ? Math.min(1, free) : 0;
    const lock = free > 0 ? locks.claimValue() : '';
    return { supervisor_id, free: free - spared, reserved: spared, lease_ms: LEASE_MS, lock };
  }

  #begin(task: ClaimedTask, claim: { asked: number; lock: string }): void {
    const { supervisor_id, log } = this.#parts;
    const { task_id, job_type, attempt, fence } = task;
    const run = new TaskRun(task, claim, this.#parts);
    this.#runs.add(run);
    log.debug({ task_id, job_type, attempt, fence }, 'a run began');
    if (!this.#accepting) run.stop('shutdown');
    run.live().then((end) => {
      if (!end) {
        this.#runs.remove(run);
        this.look();
        return;
      }
      this.#ended.push({ run, task_id, supervisor_id, fence, ...end });
      this.tell('tell');
    });
  }
}
