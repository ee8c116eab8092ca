/** What is known of the supervisors: from their heartbeats, from what they say of themselves, and from the leases. */
import type { RawSupervisors } from './scripts.ts';

/** A supervisor counts as alive until its last heartbeat is this old, in ms, unless it has announced another silence. */
export const SUPERVISOR_ALIVE_MS = 5000;

/** What a supervisor says of itself. It travels with every tick and is written when it has changed. */
export interface SupervisorDetails {
  pid: number;
  host: string;
  version: string;
  /** ms since the epoch, by its own clock. */
  started_at: number;
  threads: number;
  /** Threads that it has terminated since it started: at a deadline, at a stop, at a lost lock or lease. */
  killed_threads: number;
  /** Its settings of the call window: they must be the same everywhere. */
  max_calls: number;
  window_seconds: number;
}

export interface RunningTask {
  task_id: string;
  job_type: string;
  /** ms since the epoch, by the clock of Redis. */
  deadline_at: number;
}

export interface SupervisorState {
  supervisor_id: string;
  /** It has been silent for no longer than it had announced. */
  alive: boolean;
  /** ms since its last heartbeat. */
  heartbeat_age_ms: number;
  /** null when Redis has lost it; its next heartbeat brings it back. */
  details: SupervisorDetails | null;
  /** It is to claim nothing new: from its next heartbeat on it does so. */
  draining: boolean;
  running: RunningTask[];
}

export interface Crew {
  /** Those that are alive or were a minute ago, the longest silent first. */
  supervisors: SupervisorState[];
  /** For how long the first task that any thread may take could have been claimed, in ms; null: there is none. */
  claimable_ms: number | null;
  /** The same for the first of high priority. */
  claimable_high_ms: number | null;
}

/** What of it stands in Redis: with the silence that it announced, in ms. */
type StoredDetails = SupervisorDetails & { silent_ms: number };

/** @param silent_ms for how long it counts as alive without another beat. @returns what tick.lua stores of it */
export function storedDetails(details: SupervisorDetails, silent_ms: number): string {
  return JSON.stringify({ ...details, silent_ms } satisfies StoredDetails);
}

export function toCrew([now, high, others, beats, tasks]: RawSupervisors): Crew {
  const age = (since: number) => (since < 0 ? null : Math.max(0, now - since));
  const running = inGroups(tasks, 4).map(([task_id, job_type, owner, deadline_at]) => ({
    owner,
    task: { task_id, job_type, deadline_at } as RunningTask,
  }));
  const supervisors = inGroups(beats, 4).map(([supervisor_id, aliveUntil, told, draining]) => {
    const stored = told === '' ? null : (JSON.parse(told as string) as StoredDetails);
    const { silent_ms = SUPERVISOR_ALIVE_MS, ...details } = stored ?? {};
    return {
      supervisor_id: supervisor_id as string,
      alive: (aliveUntil as number) >= now,
      heartbeat_age_ms: Math.max(0, now + silent_ms - (aliveUntil as number)),
      details: stored && (details as SupervisorDetails),
      draining: draining === 1,
      running: running.filter(({ owner }) => owner === supervisor_id).map(({ task }) => task),
    };
  });
  return { supervisors, claimable_ms: age(others), claimable_high_ms: age(high) };
}

function inGroups<T>(flat: readonly T[], size: number): T[][] {
  return Array.from({ length: flat.length / size }, (_, i) => flat.slice(i * size, (i + 1) * size));
}
