/**
 * The pulse of the call window in one process (lua/beat.lua): this process lives, with this limit; and the state of
 * the window is still the one that it knows. Redis that was emptied, or failed over without its last data, has
 * forgotten calls: the window is then closed for its length, everywhere, and that is told loudly.
 */
import { randomBytes } from 'node:crypto';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Logger } from '../log.ts';
import { type LimitsRedis, limitKeys } from './limit-keys.ts';
import { runScript } from './limit-scripts.ts';
import { SlotTimes } from './slot-times.ts';

/** 0.4 commands a second; a process counts as gone after four (beat.lua). */
const BEAT_MS = 2_500;
/**
 * Of a process for which no slot is held, and that asks for none: nothing that happens to the window concerns it before
 * it asks again, and then it beats first. In ms.
 */
const REST_BEAT_MS = 30_000;
/** It announces that it may be silent for so long besides, in ms: its limit holds meanwhile, and 40 s after a kill. */
const REST_SILENT_MS = REST_BEAT_MS;
/** After a refusal for lost state the pulse beats at once, but not faster than this. */
const SHORTEST_BEAT_MS = 100;

/** What a slot pool must know to be given slots. */
export interface Epoch {
  readonly key: string;
  /** Of the state that this process knows; '' before its first beat. */
  readonly id: string;
  /** The most grants that this process has seen. */
  readonly grants: number;
  noteGrants(grants: number): void;
  /** Redis does not know this epoch any more. */
  refused(): void;
}

export type PulseConfig = Pick<
  Config,
  | 'REDIS_KEY_PREFIX'
  | 'TUSHARE_RATE_LIMIT_MAX_CALLS'
  | 'TUSHARE_RATE_LIMIT_WINDOW_SECONDS'
  | 'TUSHARE_HTTP_TIMEOUT_SECONDS'
>;

export interface PulseParts {
  process: string;
  /** The epoch that an earlier life of this window knew; '' none. */
  known: string;
  /** Ids of the pools that have the token's limit. */
  pools(): string[];
  /** For how long a Redis that knows no window must wait, in ms, because of calls that are recorded elsewhere. */
  waitWhenEmpty(): Promise<number>;
  log: Logger;
}

type Reply = [
  id: string,
  opens_in_ms: number,
  reason: string,
  limit: number,
  window_ms: number,
  processes: number,
];

export class WindowPulse implements Epoch {
  readonly key: string;
  #redis: LimitsRedis;
  #processes: string;
  #config: PulseConfig;
  #parts: PulseParts;
  #id = '';
  #grants = 0;
  #times: SlotTimes;
  #opensAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #lastBeat = Number.NEGATIVE_INFINITY;
  /** Until then somebody asks for permits, or may hold one, or a slot is held for him; by the monotonic clock, in ms. */
  #neededUntil = Number.NEGATIVE_INFINITY;
  #waking: Promise<void> | undefined;
  #stopped = false;

  constructor(redis: LimitsRedis, config: PulseConfig, parts: PulseParts) {
    const keys = limitKeys(config.REDIS_KEY_PREFIX);
    this.key = keys.epoch;
    this.#processes = keys.processes;
    this.#redis = redis;
    this.#config = config;
    this.#parts = parts;
    this.#id = parts.known;
    this.#times = this.#timesOf(config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000);
  }

  get id(): string {
    return this.#id;
  }

  get grants(): number {
    return this.#grants;
  }

  noteGrants(grants: number): void {
    this.#grants = Math.max(this.#grants, grants);
  }

  refused(): void {
    if (this.#stopped) return;
    const sinceLast = monotonicMs() - this.#lastBeat;
    this.#beatIn(Math.max(0, SHORTEST_BEAT_MS - sinceLast));
  }

  /**
   * Somebody asks for a permit. After a rest it is heard first what has become of the window.
   * @param ms until he and his call are done and forgotten, at the longest
   * @throws Redis's error
   */
  async needed(ms: number): Promise<void> {
    const rested = this.#resting;
    this.#neededUntil = monotonicMs() + ms;
    if (rested) {
      this.#waking = this.beat().finally(() => {
        this.#waking = undefined;
      });
    }
    await this.#waking;
  }

  get #resting(): boolean {
    return monotonicMs() > this.#neededUntil;
  }

  /** By the longest window of the processes that live. */
  get times(): SlotTimes {
    return this.#times;
  }

  /** ms until the window opens, because its state was lost; 0: it is open. */
  get opensInMs(): number {
    return Math.max(0, this.#opensAt - monotonicMs());
  }

  /** Beats once, and from then on by itself. */
  async start(): Promise<void> {
    this.#stopped = false;
    await this.beat();
  }

  /** Says goodbye: this process's limit holds nobody any more. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    if (this.#redis.status === 'ready')
      await this.#redis.hdel(this.#processes, this.#parts.process).catch(() => {}); // forgotten after 10 s anyway
  }

  /** One beat that begins now, or after the one that is under way. @throws Redis's error */
  async beat(): Promise<void> {
    while (this.#beating) await this.#beating.catch(() => {});
    this.#beating = this.#beat().finally(() => {
      this.#beating = undefined;
    });
    await this.#beating;
  }

  async #beat(): Promise<void> {
    const { process, pools, waitWhenEmpty } = this.#parts;
    const knew = this.#id;
    const known = knew !== '' || (await this.#redis.hexists(this.key, 'id')) === 1;
    const wait_ms = known ? 0 : await waitWhenEmpty();
    const asked = monotonicMs();
    const window_ms = this.#config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000;
    const args = [
      process,
      this.#config.TUSHARE_RATE_LIMIT_MAX_CALLS,
      window_ms,
      knew,
      randomBytes(6).toString('hex'),
      Math.ceil(wait_ms),
      this.#times.closedMs,
      this.#resting ? REST_SILENT_MS : 0,
      ...pools(),
    ];
    const reply = (await runScript(this.#redis, 'beat', [this.key, this.#processes], args)) as Reply;
    this.#heard(reply, knew, asked);
    if (!this.#stopped) this.#beatIn(this.#resting ? REST_BEAT_MS : BEAT_MS);
  }

  #heard([id, opens_in_ms, reason, , window_ms]: Reply, knew: string, asked: number): void {
    this.#lastBeat = asked;
    if (window_ms !== this.#times.windowMs) this.#times = this.#timesOf(window_ms);
    this.#opensAt = opens_in_ms > 0 ? monotonicMs() + opens_in_ms : Number.NEGATIVE_INFINITY;
    if (id === knew) return;
    this.#id = id;
    this.#grants = 0;
    if (opens_in_ms > 0) this.#tellClosed(opens_in_ms, reason);
  }

  #tellClosed(opens_in_ms: number, reason: string): void {
    const { log } = this.#parts;
    const details = { code: 'call_window_closed', opens_in_seconds: Math.ceil(opens_in_ms / 1000) };
    if (reason === 'lost')
      log.error(details, 'call window: Redis has lost the calls it counted: none is made for one window');
    else
      log.warn(
        details,
        'call window: Redis knows no calls, but some were made lately: none until they are over',
      );
  }

  #beatIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.beat().catch((error) => {
        if (this.#stopped) return;
        this.#parts.log.warn({ err: error }, 'call window: no pulse');
        this.#beatIn(BEAT_MS);
      });
    }, ms);
  }

  #timesOf(window_ms: number): SlotTimes {
    return new SlotTimes(window_ms, this.#config.TUSHARE_HTTP_TIMEOUT_SECONDS * 1000);
  }
}
