/**
 * The slots of one limit, counted in Redis by one Bottleneck limiter per process (design § 5). A slot is taken before
 * a call and held until one window after it ended, so the calls of any trailing window all hold different slots.
 *
 *   slot taken ── call ── release() ───────── held by Redis for one window ───────── slot free
 *      └── expiration: Redis frees the slots of processes that died in a call ──┘
 *
 * Bottleneck counts and lua/admission.lua says who may take the next slot. Who of this process gets it is decided
 * here: people before jobs, first come first served among equals, and whoever stops waiting uses no slot.
 */
import { randomBytes } from 'node:crypto';
import Bottleneck from 'bottleneck';
import { monotonicMs } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { ScriptHooks } from './bottleneck-patches.ts';
import { type SlotTimes, useBy } from './slot-times.ts';
import { WaitingLine } from './waiting-line.ts';
import type { Epoch } from './window-pulse.ts';

/** Bottleneck's own heartbeat is not needed (see #lookAgain) and would cost 4 commands a second: the longest there is. */
const NO_HEARTBEAT_MS = 2 ** 31 - 1;
/** While somebody waits, the pool is asked at least this often: Redis tells nobody of slots that expire. */
const LOOK_AGAIN_MS = 1_000;
/** Pause before slots are asked for again after Redis refused to queue the wish. */
const ASK_AGAIN_MS = 1_000;

/** A slot that this process holds for a call. */
export interface Slot {
  /** The last moment at which its call may be written: by the monotonic and by the wall clock, in ms. */
  readonly use_by: number;
  readonly use_by_wall: number;
  /** The call has ended, or was cut short and may still arrive, or none was made. Once is enough. */
  release(how: 'ended' | 'cut_short' | 'unused'): void;
}

export interface PoolSettings {
  /** The id of Bottleneck's keys. */
  id: string;
  /** Slots. */
  limit: number;
  /** Whether jobs are paced so that slots come free all the time. */
  paced: boolean;
  /** How soon a slot must be used, in ms. */
  useWithinMs: number;
  /** As they are now: the window may become longer while it runs. */
  times(): SlotTimes;
}

/** What a pool needs of the window that it belongs to. */
export interface PoolParts {
  process: string;
  connection: Bottleneck.IORedisConnection;
  /** Where the pool leaves its hooks. */
  hooks: Map<string, ScriptHooks>;
  epoch: Epoch;
  log: Logger;
}

type Waiter = (slot: Slot) => void;

/** A wish for a slot that lies with Bottleneck. */
interface Wish {
  slot: string;
  /** Moments certainly before Redis counted the slot, by both clocks. */
  counted: number;
  countedWall: number;
  /** Set when the call has ended. */
  holdMs?: number;
}

export interface WaitOptions {
  interactive: boolean;
  /** Who had waited already and asks once more goes to the head. */
  again: boolean;
  signal: AbortSignal;
}

export class SlotPool implements ScriptHooks {
  readonly settings: PoolSettings;
  #parts: PoolParts;
  #limiter: Bottleneck | undefined;
  #line = new WaitingLine<Waiter>();
  /** Wishes that lie with Bottleneck; at least one for every waiter. */
  #queued = 0;
  /** Slots that an earlier life of this process holds have other names. */
  #life = randomBytes(4).toString('hex');
  #number = 0;
  /** By Bottleneck's name of the job, from its first registration until it is freed. */
  #wishes = new Map<string, Wish>();
  /** Jobs that Redis has counted and Bottleneck is about to run, in that order. */
  #counted: string[] = [];
  /** Ends of the calls that are under way. */
  #held = new Set<() => void>();
  #look: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(settings: PoolSettings, parts: PoolParts) {
    this.settings = settings;
    this.#parts = parts;
  }

  /** Makes the limiter, then what must be done before the first slot is given. */
  async open(beforeSlots: () => Promise<void>): Promise<void> {
    const { connection, hooks, log } = this.#parts;
    const { id, limit } = this.settings;
    hooks.set(id, this);
    const limiter = new Bottleneck({
      connection,
      id,
      maxConcurrent: limit,
      heartbeatInterval: NO_HEARTBEAT_MS,
    });
    limiter.on('error', (error) => {
      if (!this.#stopped) log.warn({ err: error }, 'call window: Bottleneck');
    });
    await limiter.ready();
    await beforeSlots();
    if (this.#stopped) return;
    this.#limiter = limiter;
    this.#wishForWaiters();
  }

  /** Waits for a slot, in the order of asking. @throws the signal's reason when it is aborted */
  take({ interactive, again, signal }: WaitOptions): Promise<Slot> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const leave = () => {
        this.#line.leave(waiter);
        signal.removeEventListener('abort', aborted);
      };
      const waiter: Waiter = (slot) => {
        leave();
        resolve(slot);
      };
      const aborted = () => {
        leave();
        reject(signal.reason);
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#line.join(waiter, interactive, again);
      this.#wishForWaiters();
    });
  }

  /** Ends at once: what is held stays counted in Redis until its expiration. */
  stop(): void {
    this.#stopped = true;
    this.#limiter = undefined;
    clearTimeout(this.#look);
  }

  /** After the connection has ended: ends Bottleneck's timers for what is held. Nothing of it reaches Redis. */
  forget(): void {
    for (const ended of this.#held) ended();
  }

  asks(job: string) {
    const { process, epoch } = this.#parts;
    const slot = this.#wishes.get(job)?.slot ?? `${process}:${this.#life}:${++this.#number}`;
    this.#wishes.set(job, { slot, counted: monotonicMs(), countedWall: Date.now() });
    const { people, jobs } = this.#line;
    const kind = people > 0 ? 'person' : 'job';
    const behind = [people > 1, kind === 'person' ? jobs > 0 : jobs > 1].map(Number);
    const window_ms = this.settings.paced ? this.settings.times().windowMs : 0;
    return { slot, args: [epoch.key, process, kind, ...behind, window_ms, epoch.id, epoch.grants] };
  }

  answered(job: string, answer: { grants: number } | { again_ms: number; why: string }): void {
    if ('grants' in answer) {
      this.#parts.epoch.noteGrants(answer.grants);
      this.#counted.push(job);
      return;
    }
    this.#wishes.delete(job); // Bottleneck asks for the same one again under another name
    if (answer.why === 'lost') this.#parts.epoch.refused();
    if (this.#line.size > 0) this.#lookAgain(Math.min(Math.max(1, answer.again_ms + 1), LOOK_AGAIN_MS));
  }

  ends(job: string): { slot: string; holdMs: number } {
    const wish = this.#wishes.get(job);
    // A job that Bottleneck ended by itself had expired in Redis too; were it not, it would count for a full window.
    return { slot: wish?.slot ?? job, holdMs: wish?.holdMs ?? this.settings.times().expirationMs(0) };
  }

  ended(job: string): void {
    this.#wishes.delete(job);
  }

  #wishForWaiters(): void {
    while (this.#limiter && this.#queued < this.#line.size) this.#wish(this.#limiter);
  }

  #wish(limiter: Bottleneck): void {
    this.#queued += 1;
    let granted: Wish | undefined;
    const expiration = this.settings.times().expirationMs(this.settings.useWithinMs);
    limiter
      .schedule({ expiration }, async () => {
        this.#queued -= 1;
        const job = this.#counted.shift();
        granted = job === undefined ? undefined : this.#wishes.get(job);
        if (!granted) throw new Error('Bottleneck granted a slot without a registration.');
        await this.#grant(granted);
      })
      .catch((error) => {
        if (this.#stopped) return;
        const { log } = this.#parts;
        if (granted) {
          const why = 'its permit was never given back, or this process was frozen';
          log.warn({ reason: error.message }, `call window: a slot has expired: ${why}`);
          return;
        }
        this.#queued -= 1;
        log.warn({ err: error }, 'call window: Redis took no wish for a permit');
        setTimeout(() => this.#wishForWaiters(), ASK_AGAIN_MS).unref();
      });
  }

  /** A slot is ours: to the next waiter, or straight back when nobody waits or it came too late. @returns at its end */
  async #grant(wish: Wish): Promise<void> {
    const { useWithinMs } = this.settings;
    const use_by = useBy(wish.counted, useWithinMs);
    const waiter = this.#line.first();
    if (this.#stopped || !waiter || monotonicMs() >= use_by) {
      wish.holdMs = 0; // nobody has seen the slot, so certainly no call was made
      this.#wishForWaiters();
      return;
    }
    await new Promise<void>((resolve) => {
      const ended = () => {
        this.#held.delete(ended);
        resolve();
      };
      this.#held.add(ended);
      waiter({
        use_by,
        use_by_wall: useBy(wish.countedWall, useWithinMs),
        release: (how) => {
          wish.holdMs ??= this.#holdMs(how, use_by);
          ended();
        },
      });
    });
  }

  #holdMs(how: 'ended' | 'cut_short' | 'unused', use_by: number): number {
    if (how === 'unused') return 0;
    const times = this.settings.times();
    return how === 'ended' ? times.holdMs : times.cutShortHoldMs(use_by, monotonicMs());
  }

  /** Makes Bottleneck ask for the wishes that lie with it, as if Redis had told it of free slots. */
  #lookAgain(inMs: number): void {
    clearTimeout(this.#look);
    this.#look = setTimeout(async () => {
      const limiter = this.#limiter;
      if (!limiter || this.#line.size === 0) return;
      const { subscriber } = await (this.#parts.connection.ready as unknown as Promise<{
        subscriber: Emitter;
      }>);
      subscriber.emit('message', limiter.channel(), 'capacity:');
    }, inMs);
  }
}

interface Emitter {
  emit(event: 'message', channel: string, message: string): void;
}
