/** Why /health says degraded: each reason has a code that stays as it is, and one sentence for people. */
import type { CallStop } from '../limits/limits-view.ts';
import type { Depth } from '../queue/depth.ts';
import { careWarnings, type RedisCare } from '../queue/redis-care.ts';
import type { Crew, SupervisorState } from '../queue/supervisors.ts';
import type { Availability } from './postgres-probe.ts';

/** Work that a free thread could take and has not taken for this long is stuck, in ms. */
export const STUCK_AFTER_MS = 30_000;
/** Ends of tasks that Postgres has not got for this long are behind, in ms. */
const HISTORY_BEHIND_MS = 60_000;
/** Supervisors with this many threads keep one for high priority (src/supervisor/puller.ts). */
const RESERVE_FROM_THREADS = 3;

export interface Reason {
  code: string;
  message: string;
}

/** What is known of the queue; null when it is out of reach. */
export interface QueueState {
  depth: Depth;
  /** Those that are alive. */
  supervisors: SupervisorState[];
  crew: Crew;
  care: RedisCare;
  calls: CallStop;
}

export function reasonsOf(
  availability: { available: boolean; reason: string | null },
  queue: QueueState | null,
  postgres: Availability,
): Reason[] {
  const reasons: Reason[] = [];
  if (!queue) {
    const message = `The queue is not available (${availability.reason ?? 'unreachable'}): nothing can be submitted or run.`;
    reasons.push({ code: 'queue_unavailable', message });
  } else {
    reasons.push(...crewReasons(queue), ...historyReasons(queue.depth), ...careWarnings(queue.care));
    reasons.push(...callReasons(queue.calls));
  }
  if (!postgres.available) {
    const message = `Postgres is not available (${postgres.reason ?? 'unknown'}): syncs fail or wait.`;
    reasons.push({ code: 'postgres_unavailable', message });
  }
  return reasons;
}

function crewReasons({ depth, supervisors, crew }: QueueState): Reason[] {
  const waiting = depth.pending === 1 ? '1 task waits' : `${depth.pending} tasks wait`;
  if (supervisors.length === 0) {
    const what = depth.pending === 0 ? 'what is submitted waits until one starts' : waiting;
    return [{ code: 'no_supervisor', message: `No supervisor is alive; ${what}.` }];
  }
  const reasons: Reason[] = [];
  if (depth.pending > 0 && supervisors.every(({ draining }) => draining)) {
    const message = `Every supervisor drains; ${waiting} until one is resumed or another one starts.`;
    reasons.push({ code: 'draining', message });
  }
  const stuck = stuckFor(supervisors, crew);
  if (stuck !== null && stuck > STUCK_AFTER_MS) {
    const seconds = Math.floor(stuck / 1000);
    const message = `Threads are free, and a task that could run has waited for ${seconds} s.`;
    reasons.push({ code: 'work_stuck', message });
  }
  const windows = new Set(supervisors.flatMap(({ details }) => (details ? [callWindowOf(details)] : [])));
  if (windows.size > 1) {
    const message = `Supervisors have different call windows: ${[...windows].join(' and ')}. Give all the same settings.`;
    reasons.push({ code: 'settings_mismatch', message });
  }
  return reasons;
}

/** For how long work waits that a free thread may take, in ms; null: there is none. */
function stuckFor(supervisors: SupervisorState[], crew: Crew): number | null {
  let free = 0;
  let reserved = 0;
  for (const { details, draining, running } of supervisors) {
    if (!details || draining) continue;
    const idle = Math.max(0, details.threads - running.length);
    free += idle;
    if (details.threads >= RESERVE_FROM_THREADS) reserved += Math.min(1, idle);
  }
  const waits = [free > 0 ? crew.claimable_high_ms : null, free > reserved ? crew.claimable_ms : null];
  const known = waits.filter((ms) => ms !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

function callWindowOf({ max_calls, window_seconds }: { max_calls: number; window_seconds: number }): string {
  return `${max_calls} calls in ${window_seconds} s`;
}

/** What stops every call to TuShare; a closed API stops only its own, and stands in /limits. */
function callReasons({ opens_in_ms, all }: CallStop): Reason[] {
  const reasons: Reason[] = [];
  if (opens_in_ms > 0) {
    const message = `Redis had lost the calls it counted: no call to TuShare for ${Math.ceil(opens_in_ms / 1000)} s more.`;
    reasons.push({ code: 'call_window_closed', message });
  }
  if (all) {
    const until = all.until === null ? 'a person reopens it' : new Date(all.until).toISOString();
    reasons.push({
      code: 'tushare_closed',
      message: `TuShare refuses all calls until ${until}: ${all.reason}`,
    });
  }
  return reasons;
}

function historyReasons({ unaudited, oldest_unaudited_ms, refused }: Depth): Reason[] {
  const reasons: Reason[] = [];
  if (oldest_unaudited_ms !== null && oldest_unaudited_ms >= HISTORY_BEHIND_MS) {
    const seconds = Math.floor(oldest_unaudited_ms / 1000);
    const message = `${unaudited} ends of tasks are not in Postgres yet, the oldest for ${seconds} s; Redis keeps them.`;
    reasons.push({ code: 'history_behind', message });
  }
  if (refused > 0) {
    const ends = refused === 1 ? '1 end of a task is' : `${refused} ends of tasks are`;
    const message = `${ends} missing in the history: Postgres could not hold them, or they were deleted from Redis. Look at the list audit_refused in Redis, and delete it.`;
    reasons.push({ code: 'history_refused', message });
  }
  return reasons;
}
