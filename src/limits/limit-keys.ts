/**
 * The Redis keys of everything that limits calls. All stand under the hash tag of the queue, so that a script may
 * touch several of them on Redis Cluster too. Bottleneck adds its own eight for every pool (`b_<id>_…`).
 */
import type { Cluster, Redis } from 'ioredis';

export type LimitsRedis = Redis | Cluster;

export function limitKeys(prefix: string) {
  const base = `{${prefix}}:call_window`;
  return {
    /** The id under which Bottleneck keeps the slots of a pool: the token's, or those of one API. */
    pool: (name: string) => (name === TOKEN_POOL ? base : `${base}:${name}`),
    /** Set of the names of the pools that were ever used. */
    pools: `${base}:pools`,
    /** Hash of scope → closure, see lua/close.lua. */
    closures: `${base}:closures`,
    /** Hash of the calls of the day, see lua/may_call.lua. */
    callsOfDay: `${base}:calls_of_day`,
    /** Hash of what is known of the window as a whole, see lua/beat.lua. */
    epoch: `${base}:epoch`,
    /** Hash of the processes that live → their limits, see lua/beat.lua. */
    processes: `${base}:processes`,
  } as const;
}

/** The pool of all calls that the token makes. */
export const TOKEN_POOL = 'token';
/** Before the name of an API: the pool of its documented limit, and that of its whole window (scope `api`). */
export const DOCUMENTED_POOL = 'documented:';
export const WHOLE_POOL = 'api:';
