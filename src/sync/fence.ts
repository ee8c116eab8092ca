/**
 * The fence in Postgres (design § 4): the number that every claim of a job type raises. A run's first transaction
 * writes its number down, every later one checks it, so what a frozen process sends late is refused.
 */
import type { ClientBase } from 'pg';
import { TaskError } from '../errors.ts';
import { isOlderOwner, type RunOwner } from '../store/application-name.ts';
import type { Store } from '../store/store.ts';

/**
 * Raises the stored fence of the job type to the run's own, once a run.
 *
 * An equal one is refused too, even of the same task: a Redis that was killed may have lost the claim it had just
 * acknowledged, and gives the same task and number to a second owner (docs/operations.md, What a killed Redis keeps).
 * @throws TaskError fenced when that or a higher one is stored; the message holds both numbers.
 */
export async function raiseFence(client: ClientBase, owner: RunOwner): Promise<void> {
  const raised = await client.query(
    `INSERT INTO job_fences (job_type, fence, task_id, raised_at) VALUES ($1, $2, $3, now())
     ON CONFLICT (job_type) DO UPDATE
     SET fence = EXCLUDED.fence, task_id = EXCLUDED.task_id, raised_at = EXCLUDED.raised_at
     WHERE job_fences.fence < EXCLUDED.fence`,
    [owner.job_type, owner.fence, owner.task_id],
  );
  if (raised.rowCount === 0) throw await fencedError(client, owner);
}

/**
 * Holds the fence for this transaction: a newer owner can't raise it before the transaction has ended.
 * @throws TaskError fenced when it is not the run's own any more.
 */
export async function holdFence(client: ClientBase, owner: RunOwner): Promise<void> {
  const held = await client.query(
    'SELECT 1 FROM job_fences WHERE job_type = $1 AND fence = $2 AND task_id = $3 FOR SHARE',
    [owner.job_type, owner.fence, owner.task_id],
  );
  if (held.rowCount === 0) throw await fencedError(client, owner);
}

async function fencedError(client: ClientBase, owner: RunOwner): Promise<TaskError> {
  const { rows } = await client.query<{ fence: number }>('SELECT fence FROM job_fences WHERE job_type = $1', [
    owner.job_type,
  ]);
  const knownFence = rows[0]?.fence;
  return new TaskError(
    'fenced',
    `Task ${owner.task_id}: a newer run owns ${owner.job_type} (fence ${knownFence ?? 'none'} is stored, ` +
      `this run has ${owner.fence}); nothing was written`,
    knownFence === undefined ? {} : { knownFence },
  );
}

/**
 * Ends the connections of older owners of the job type. A process that was stopped in the middle of a statement
 * holds its row locks for ever, and statement_timeout does not fire (measured).
 * @returns how many were ended.
 */
export async function endOlderOwners(store: Store, owner: RunOwner): Promise<number> {
  const { rows } = await store.pool.query<{ pid: number; application_name: string }>(
    `SELECT pid, application_name FROM pg_stat_activity
     WHERE datname = current_database() AND usename = current_user AND application_name LIKE 'dayline:%'`,
  );
  const older = rows.filter((row) => isOlderOwner(row.application_name, owner)).map((row) => row.pid);
  if (older.length > 0)
    await store.pool.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) pid', [older]);
  return older.length;
}
