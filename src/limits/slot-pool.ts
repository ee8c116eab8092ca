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
import Bottleneck from 'bottleneck';
import { monotonicMs } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { ScriptHooks } from './bottleneck-patches.ts';
import { type Registration, SlotRegistrations } from './slot-registrations.ts';
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

export interface WaitOptions {
  interactive: boolean;
  /** Who had waited already and asks once more goes to the head. */
  again: boolean;
  signal: AbortSignal;
}

export class SlotPool {
  readonly settings: PoolSettings;
  #parts: PoolParts;
  #limiter: Bottleneck | undefined;
  #line = new WaitingLine<Waiter>();
  /** Wishes that lie with Bottleneck; at least one for every waiter. */
  #queued = 0;
  #registrations: SlotRegistrations;
  /** Ends of the calls that are under way. */
  #held = new Set<() => void>();
  #look: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(settings: PoolSettings, parts: PoolParts) {
    this.settings = settings;
    this.#parts = parts;
    const { process, epoch } = parts;
    const refused = (again_ms: number) => this.#lookAgain(Math.max(1, again_ms + 1));
    this.#registrations = new SlotRegistrations({ process, epoch, settings, line: this.#line, refused });
  }

  /** Makes the limiter, then what must be done before the first slot is given. */
  async open(beforeSlots: () => Promise<void>): Promise<void> {
    const { connection, hooks, log } = this.#parts;
    const { id, limit } = this.settings;
    hooks.set(id, this.#registrations);
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

  #wishForWaiters(): void {
    while (this.#limiter && this.#queued < this.#line.size) this.#wish(this.#limiter);
  }

  #wish(limiter: Bottleneck): void {
    this.#queued += 1;
    let granted: Registration | undefined;
    const expiration = this.settings.times().expirationMs(this.settings.useWithinMs);
    limiter
      .schedule({ expiration }, async () => {
        this.#queued -= 1;
        granted = this.#registrations.next();
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
  async #grant(granted: Registration): Promise<void> {
    const { useWithinMs } = this.settings;
    const use_by = useBy(granted.counted, useWithinMs);
    const waiter = this.#line.first();
    if (this.#stopped || !waiter || monotonicMs() >= use_by) {
      granted.holdMs = 0; // nobody has seen the slot, so certainly no call was made
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
        use_by_wall: useBy(granted.countedWall, useWithinMs),
        release: (how) => {
          granted.holdMs ??= this.#holdMs(how, use_by);
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
    if (this.#line.size === 0) return;
    clearTimeout(this.#look);
    this.#look = setTimeout(
      async () => {
        const limiter = this.#limiter;
        if (!limiter || this.#line.size === 0) return;
        const { subscriber } = await (this.#parts.connection.ready as unknown as Promise<{
          subscriber: Emitter;
        }>);
        subscriber.emit('message', limiter.channel(), 'capacity:');
      },
      Math.min(inMs, LOOK_AGAIN_MS),
    );
  }
}

interface Emitter {
  emit(event: 'message', channel: string, message: string): void;
}
