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
import type { Ring } from '../queue/doorbell.ts';
import { isRedisAway } from '../queue/gate.ts';
import { LEASE_MS } from '../queue/queue.ts';
import type { Woken } from '../queue/supervised-queue.ts';
import type { ClaimedTask } from '../queue/task.ts';
import type { RedisClock } from './redis-clock.ts';
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

/** What is heard of later, since this process was frozen, goes back without having begun: half of its lease is gone. In ms. */
const BEGUN_WITHIN_MS = LEASE_MS / 2;

interface Ended extends Finish {
  run: TaskRun;
}

interface PullerParts extends TaskRunParts {
  clock: RedisClock;
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

/** A claim that waits in Redis for a ring. */
interface Asleep {
  request: ClaimRequest;
  wanted: number;
  /** Resolves, and never rejects, when it has come back. */
  back: Promise<void>;
  recall(): void;
}

/**
 * `look`: there may be work; `poll`: there is, and whoever sleeps has not heard of it; `tell`: a run has ended, or a call
 * has come back; an error: of a call.
 */
export class Puller extends Actor<'look' | 'poll' | 'tell' | Error> {
  readonly name = 'puller';
  #parts: PullerParts;
  #runs: TaskRuns;
  #ended: Ended[] = [];
  #looking = false;
  #polling = false;
  #calls = new Set<Call>();
  #asleep: Asleep | undefined;
  #accepting = true;
  #draining = false;
  #hungry = false;
  #events = new EventEmitter();
  #stopping = new AbortController();

  constructor(parts: Omit<PullerParts, 'slotLeft'>, runs: TaskRuns) {
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

  /** There is work, though the claim that sleeps has not taken it: a ring may have been lost. */
  poll(): void {
    this.#hungry = false;
    this.tell('poll');
  }

  /**
   * Sleeps until there is work, with a claim for the threads that are free; they are kept for it meanwhile.
   * @param sleep sends the claim behind the sleep
   * @param recall ends the sleep early; what the claim brings then is run all the same
   * @returns what rang
   * @throws Redis's error; then it is hungry still
   */
  async sleep(sleep: (request: ClaimRequest) => Promise<Woken>, recall: () => void): Promise<Ring> {
    const request = this.#request(0);
    const wanted = wantedBy(request);
    this.#hungry = false;
    if (wanted === 0) return null; // calls are on their way, or all threads have something to do
    const { promise: back, resolve } = Promise.withResolvers<void>();
    const asleep = { request, wanted, back, recall };
    this.#asleep = asleep;
    const sent = monotonicMs();
    try {
      const { ring, claimed, now } = await sleep(request);
      this.#asleep = undefined;
      const asked = this.#parts.clock.earliest(now, sent, monotonicMs());
      for (const task of claimed) this.#begin(task, { asked, lock: request.lock ?? '' });
      if (ring === 'work' && claimed.length === 0) this.look();
      else this.#noteHunger(claimed.length, wanted);
      return ring;
    } catch (error) {
      this.#hungry = this.claiming;
      throw error;
    } finally {
      this.#asleep = undefined;
      resolve();
      this.tell('tell');
    }
  }

  /** @param claimed tasks that a claim brought. @param wanted tasks that it had asked for, at least one */
  #noteHunger(claimed: number, wanted: number): void {
    this.#hungry = this.claiming && claimed < wanted;
    if (this.#hungry) this.#events.emit('hungry');
    else this.#looking = true; // what came free meanwhile was not asked for
  }

  /**
   * From now on ends are told, but nothing new is claimed. Resolves when no claim is on its way any more: what one
   * that was still brings goes straight back.
   */
  async stopAccepting(): Promise<void> {
    this.#accepting = false;
    this.#hungry = false;
    this.#asleep?.recall();
    await this.settled();
    await this.#allBack();
  }

  /**
   * Whether nothing new is claimed for now: what runs, and what a claim on its way brings, is run all the same.
   */
  drain(draining: boolean): void {
    if (draining === this.#draining) return;
    this.#draining = draining;
    this.#parts.log.info(draining ? 'the supervisor drains' : 'the supervisor takes tasks again');
    if (draining) this.#asleep?.recall();
    this.look();
  }

  /** Whether it may claim. */
  get claiming(): boolean {
    return this.#accepting && !this.#draining;
  }

  protected override started(): void {
    this.#stopping = new AbortController();
    this.look();
  }

  protected override async stopping(): Promise<void> {
    this.#stopping.abort();
    this.#asleep?.recall();
    await this.#allBack();
  }

  protected override async handle(message: 'look' | 'poll' | 'tell' | Error): Promise<void> {
    if (message instanceof Error) throw message;
    if (message !== 'tell') this.#looking = true;
    if (message === 'poll') this.#polling = true;
    const { length } = this.#ended;
    if (length === 0 && !this.#looking) return; // went with an earlier call
    // What is not worth a call of its own goes when one comes back.
    if (this.#calls.size > 0 && length < WORTH_A_SECOND_CALL) return;
    if (this.#calls.size < CALLS_AT_ONCE) this.#send();
  }

  #send(): void {
    const ended = this.#ended.splice(0, TOLD_AT_ONCE);
    const request = this.#request(ended.length, this.#polling);
    const wanted = wantedBy(request);
    this.#looking = false;
    this.#polling = false;
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
    await Promise.all([...this.#calls, ...(this.#asleep ? [this.#asleep] : [])].map(({ back }) => back));
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

  async #speak(call: Call): Promise<void> {
    const { ended, request, wanted } = call;
    const { queue, log } = this.#parts;
    const claim = { asked: monotonicMs(), lock: request.lock ?? '' };
    const { results, claimed } =
      ended.length === 0
        ? { results: [], claimed: await queue.claim(request) }
        : await queue.finish(ended, request);
    this.#calls.delete(call); // what it brought counts as held from here on
    for (const [i, { run, outcome }] of ended.entries()) {
      this.#runs.remove(run);
      const { task_id, job_type, fence } = run.task;
      // Of what went well the history tells; a line each would be the dearest part of a short task.
      const level = outcome.kind === 'completed' && results[i]?.result === 'done' ? 'debug' : 'info';
      log[level]({ task_id, job_type, fence, ...results[i], outcome }, 'a run ended');
    }
    for (const task of claimed) this.#begin(task, claim);
    if (wanted > 0) this.#noteHunger(claimed.length, wanted);
  }

  /**
   * As many as threads are free, and while tasks are very short some ahead (claim-ahead.ts).
   * @param ending runs whose end travels with this claim: their threads are free.
   * @param polling also the threads that are kept for the claim that sleeps: what it brings besides stands in line.
   */
  #request(ending: number, polling = false): ClaimRequest {
    const { pool, supervisor_id, locks } = this.#parts;
    const asleep = this.#asleep && !polling ? [{ ...this.#asleep, ended: [] }] : [];
    const calls = [...this.#calls, ...asleep];
    const given = calls.reduce((sum, { ended, wanted }) => sum + wanted - ended.length, 0);
    const { leaving } = this.#runs;
    const held = this.#runs.size - (leaving ? 1 : 0);
    const high = this.#runs.high - (leaving?.task.priority === 0 ? 1 : 0);
    const room = pool.size + pool.ahead - held + ending - given;
    const free = this.claiming ? Math.max(0, room) : 0;
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
    else if (monotonicMs() > claim.asked + BEGUN_WITHIN_MS) run.stop('lease_ended');
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

/** Tasks that a claim asks for. */
function wantedBy({ free, reserved = 0 }: ClaimRequest): number {
  return free + reserved;
}
