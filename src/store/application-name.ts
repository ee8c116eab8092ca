/**
 * The name under which a run's connections stand in pg_stat_activity: `dayline:<fence>:<job_type>:<task>`.
 * A new owner finds the connections of older owners of its type by it and ends them (design § 4, Frozen owners).
 * Postgres cuts names after 63 bytes, so what is needed stands first and the task's id is cut, not the fence.
 */
import { createHash } from 'node:crypto';
import type { ClaimedTask } from '../queue/task.ts';

const MAX_BYTES = 63;
const MAX_JOB_TYPE = 36;

export type RunOwner = Pick<ClaimedTask, 'task_id' | 'job_type' | 'fence'>;

export function applicationName(owner: RunOwner): string {
  const name = `dayline:${owner.fence}:${shortJobType(owner.job_type)}:${owner.task_id}`;
  return name.replace(/[^\x20-\x7e]/g, '?').slice(0, MAX_BYTES);
}

/** Whether a connection of that name belongs to an older owner of the same job type. */
export function isOlderOwner(name: string, owner: RunOwner): boolean {
  const parts = /^dayline:(\d+):([^:]*):/.exec(name);
  if (!parts) return false;
  return parts[2] === shortJobType(owner.job_type) && Number(parts[1]) < owner.fence;
}

function shortJobType(jobType: string): string {
  if (jobType.length <= MAX_JOB_TYPE) return jobType;
  const digest = createHash('sha256').update(jobType).digest('hex').slice(0, 8);
  return `${jobType.slice(0, MAX_JOB_TYPE - 9)}~${digest}`;
}
