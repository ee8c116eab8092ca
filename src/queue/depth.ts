/** How much waits in the queue, and where. */
import { optional } from './fields.ts';

export interface Depth {
  queued: { high: number; normal: number; low: number };
  running: number;
  /** Waiting for a moment: a retry, or a closed call window. */
  delayed: number;
  /** Waiting for the running task of their type. */
  parked: number;
  /** Waiting for other tasks of their execution. */
  blocked: number;
  pending: number;
  oldest_pending_ms: number | null;
  supervisors: number;
  /** Terminal states that Postgres does not have yet. */
  unaudited: number;
  oldest_unaudited_ms: number | null;
  /** Terminal states that are set aside: Postgres can't hold them, or what ended was deleted by hand. */
  refused: number;
}

/** What depth.lua returns. */
export function depthOf(reply: readonly number[]): Depth {
  const [
    high = 0,
    normal = 0,
    low = 0,
    running = 0,
    delayed = 0,
    pending = 0,
    oldest = -1,
    supervisors = 0,
    ,
    blocked = 0,
    unaudited = 0,
    oldestUnaudited = -1,
    refused = 0,
  ] = reply;
  return {
    queued: { high, normal, low },
    running,
    delayed,
    parked: pending - high - normal - low - delayed - blocked,
    blocked,
    pending,
    oldest_pending_ms: optional(oldest),
    supervisors,
    unaudited,
    oldest_unaudited_ms: optional(oldestUnaudited),
    refused,
  };
}
