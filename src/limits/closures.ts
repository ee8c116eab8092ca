/**
 * Closures (D9): what TuShare refused to one call stops every other call that it concerns, in every process at once,
 * until the time that TuShare named is over or a person reopens it. They stand in Redis, so a restart keeps them.
 *
 * How it comes here. The TuShare client classifies a refusal and gives it back with its permit:
 *
 *     permit.used(false, { type, frequency, retry_after_ms, message })   refused by TuShare
 *     permit.used(false, 'answered')                                    rows, or any other answer of TuShare
 *     permit.used(cutShort)                                             no answer; says nothing of the API
 *
 * In a thread that travels with `permit_used` over the line to the permit desk of its supervisor; the permit of the
 * call window calls `closures.close(...)` below. The client needs to know nothing else: its next acquire() waits, or
 * throws WindowClosed. While an API is closed for its frequency, the acquire() that comes when a probe is due (3, 6,
 * 12 s after each refusal) is let through and is the probe; 'answered' reopens the API.
 */
import type { Config } from '../config.ts';
import type { LimitsRedis } from './limit-keys.ts';
import { limitKeys } from './limit-keys.ts';
import { runScript } from './limit-scripts.ts';
import type { Refusal } from './permit.ts';

/** R85: when a closed API is tried again, in ms after each refusal. */
const PROBE_PAUSES_MS: readonly number[] = [3_000, 6_000, 12_000];

/** Everything TuShare has, or one API. */
export type Scope = 'all' | (string & {});

/** Why something is closed: `frequency` is probed, the others end by time or by a person. */
export type ClosureKind = 'frequency' | 'quota' | 'ip_limited' | 'banned' | 'by_hand';

export interface Closure {
  scope: Scope;
  kind: ClosureKind;
  reason: string;
  /** ms since the epoch, by the clock of Redis; null: until a person reopens it. */
  until: number | null;
}

export type MayCall =
  /** `probe`: this call finds out whether a closed API is open again. */
  | { state: 'open'; probe: boolean }
  | {
      state: 'closed';
      /** ms; null: until a person reopens it. */
      closed_for_ms: number | null;
      /** ms until a probe is due, or the closure ends; null: neither by itself. */
      ask_again_in_ms: number | null;
      reason: string;
    };

export class Closures {
  #redis: LimitsRedis;
  #keys: ReturnType<typeof limitKeys>;
  #probeMs: number;
  #windowMs: number;

  constructor(
    redis: LimitsRedis,
    config: Pick<
      Config,
      'REDIS_KEY_PREFIX' | 'TUSHARE_HTTP_TIMEOUT_SECONDS' | 'TUSHARE_RATE_LIMIT_WINDOW_SECONDS'
    >,
  ) {
    this.#redis = redis;
    this.#keys = limitKeys(config.REDIS_KEY_PREFIX);
    this.#probeMs = (config.TUSHARE_HTTP_TIMEOUT_SECONDS + 5) * 1000;
    this.#windowMs = config.TUSHARE_RATE_LIMIT_WINDOW_SECONDS * 1000;
  }

  /**
   * Closes what a refusal concerns; nothing for one that concerns its own call only.
   * @param probe the refused call was the probe of its API
   * @returns what is closed now, and until when; null when nothing is.
   */
  async refused(api_name: string, refusal: Refusal, probe: boolean): Promise<Closure | null> {
    const { type, frequency, retry_after_ms, message } = refusal;
    if (type === 'tushare_banned') return this.close('all', null, message, 'banned');
    if (type === 'tushare_ip_limited') return this.close('all', retry_after_ms, message, 'ip_limited');
    if (type !== 'tushare_rate_limited') return null;
    const closed_for_ms = retry_after_ms ?? this.#windowMs;
    return this.close(api_name, closed_for_ms, message, frequency ? 'frequency' : 'quota', probe);
  }

  /**
   * Closes an API, or everything, for every process. What is closed for longer already stays so.
   * @param closed_for_ms null: until a person reopens it
   * @param probe only for `frequency`: the call that was refused was the probe
   */
  async close(
    scope: Scope,
    closed_for_ms: number | null,
    reason: string,
    kind: ClosureKind,
    probe = false,
  ): Promise<Closure> {
    const pauses = kind === 'frequency' ? PROBE_PAUSES_MS : [];
    const args = [scope, closed_for_ms ?? -1, reason, kind, probe ? 1 : 0, ...pauses];
    const until = Number(await runScript(this.#redis, 'close', [this.#keys.closures], args));
    return { scope, kind, reason, until: until < 0 ? null : until };
  }

  /** Opens what was closed: a person, or a probe that was answered. @returns whether it was closed. */
  async reopen(scope: Scope): Promise<boolean> {
    return (await this.#redis.hdel(this.#keys.closures, scope)) > 0;
  }

  /** Whether an API may be called, without any effect. @param quota calls a day; null: no limit */
  ask(api_name: string, quota: number | null): Promise<MayCall> {
    return this.#mayCall(api_name, quota, false);
  }

  /** The same directly before a call: counts it, and makes it the probe when one is due. */
  count(api_name: string, quota: number | null): Promise<MayCall> {
    return this.#mayCall(api_name, quota, true);
  }

  /** What is closed now. */
  async list(): Promise<Closure[]> {
    const [stored, [seconds, micros]] = await Promise.all([
      this.#redis.hgetall(this.#keys.closures),
      this.#redis.time(),
    ]);
    const now = Number(seconds) * 1000 + Number(micros) / 1000;
    return Object.entries(stored)
      .map(([scope, text]) => ({
        scope,
        ...(JSON.parse(text) as Omit<Closure, 'scope'> & { until: number }),
      }))
      .filter(({ until }) => until < 0 || until > now)
      .map(({ scope, kind, reason, until }) => ({ scope, kind, reason, until: until < 0 ? null : until }));
  }

  /** Calls made today (Shanghai), by API. */
  async callsToday(): Promise<Record<string, number>> {
    const stored = await this.#redis.hgetall(this.#keys.callsOfDay);
    const calls = Object.entries(stored).filter(([field]) => field.startsWith('calls:'));
    return Object.fromEntries(calls.map(([field, count]) => [field.slice('calls:'.length), Number(count)]));
  }

  async #mayCall(api_name: string, quota: number | null, counted: boolean): Promise<MayCall> {
    const keys = [this.#keys.closures, this.#keys.callsOfDay];
    const args = [api_name, counted ? 1 : 0, quota ?? -1, this.#probeMs];
    const [state, closed_for, again_in, reason] = (await runScript(this.#redis, 'may_call', keys, args)) as [
      string,
      number,
      number,
      string,
    ];
    if (state !== 'closed') return { state: 'open', probe: state === 'probe' };
    const orNever = (ms: number) => (ms < 0 ? null : ms);
    return { state, closed_for_ms: orNever(closed_for), ask_again_in_ms: orNever(again_in), reason };
  }
}
