/**
 * The checkpoint of a run: its row in sync_tasks.
 *
 *   PENDING is not used: a row is made by the run that starts it.
 *   RUNNING ──▶ COMPLETED            every unit is committed
 *           ──▶ PAUSED               pause, or the call window is closed; the units committed stay
 *           ──▶ FAILED               the attempt ended badly; current_offset stays where it was
 *   RUNNING | PAUSED | FAILED ──▶ RUNNING   a later attempt of the SAME queue task goes on in the same row (D1)
 *
 * The plan is frozen in `config.units` when the row is made (D22); current_offset is an index into it.
 */
import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { ClaimedTask } from '../queue/task.ts';
import type { SyncTaskStatus } from '../store/entities.ts';
import type { Store } from '../store/store.ts';
import { holdFence, raiseFence } from './fence.ts';
import type { Unit } from './plan.ts';

/** R93: the four job types of the seeds keep their names; every other one is `<dataset>.<mode>`. */
const SYNC_JOB_TYPES: Record<string, string> = {
  'daily.history': 'DAILY_HISTORY',
  'daily.incremental': 'DAILY_INCREMENTAL',
  'finance.history': 'FINANCE_HISTORY',
  'finance.incremental': 'FINANCE_INCREMENTAL',
};

const FENCE_LOCK_TIMEOUT_MS = 8_000;
const MAX_REASON = 2000;

export interface SyncRun {
  id: string;
  units: Unit[];
  batch_size: number;
  /** Rows stored by earlier attempts. */
  total_processed: number;
  /** Indexes of the units that are committed. */
  committed: Set<number>;
}

/**
 * The run's first transaction: raises the fence, and takes up the row of this queue task or makes it.
 * @param makePlan called only for a new row, inside the transaction.
 * @throws TaskError fenced, or what makePlan throws; then nothing is changed.
 */
export function beginSync(
  store: Store,
  task: ClaimedTask,
  batchSize: number,
  makePlan: (client: ClientBase) => Promise<Unit[]>,
): Promise<SyncRun> {
  return store.transaction(async (client) => {
    await client.query(`SET LOCAL lock_timeout = ${FENCE_LOCK_TIMEOUT_MS}`);
    await raiseFence(client, task);
    return (await resume(client, task)) ?? (await create(client, task, batchSize, await makePlan(client)));
  });
}

async function resume(client: ClientBase, task: ClaimedTask): Promise<SyncRun | null> {
  const { rows } = await client.query<{
    id: string;
    current_offset: number;
    batch_size: number;
    total_processed: number;
    config: { units: Unit[] };
  }>(
    `UPDATE sync_tasks SET status = CASE status WHEN 'COMPLETED' THEN status ELSE 'RUNNING' END, updated_at = now()
     WHERE config->>'task_id' = $1 RETURNING id, current_offset, batch_size, total_processed, config`,
    [task.task_id],
  );
  const row = rows[0];
  if (!row) return null;
  const stored = await client.query<{ partition: string }>(
    'SELECT partition FROM coverage WHERE sync_task_id = $1 AND dataset = $2',
    [row.id, task.dataset],
  );
  const covered = new Set(stored.rows.map((entry) => entry.partition));
  const { units } = row.config;
  const committed = units
    .map((_, index) => index)
    .filter(
      (index) =>
        index < row.current_offset || units[index]?.partitions.every((partition) => covered.has(partition)),
    );
  return {
    id: row.id,
    units,
    batch_size: row.batch_size,
    total_processed: row.total_processed,
    committed: new Set(committed),
  };
}

async function create(
  client: ClientBase,
  task: ClaimedTask,
  batchSize: number,
  units: Unit[],
): Promise<SyncRun> {
  const id = randomUUID();
  const config = {
    task_id: task.task_id,
    dataset: task.dataset,
    mode: task.mode,
    params: task.params,
    units,
  };
  await client.query(
    `INSERT INTO sync_tasks (id, job_type, status, batch_size, started_at, config)
     VALUES ($1, $2, 'RUNNING', $3, now(), $4)`,
    [id, SYNC_JOB_TYPES[task.job_type] ?? task.job_type, batchSize, JSON.stringify(config)],
  );
  return { id, units, batch_size: batchSize, total_processed: 0, committed: new Set() };
}

/** Writes the end of an attempt, with its reason in config.reason. @throws TaskError fenced. */
export function endSync(
  store: Store,
  task: ClaimedTask,
  id: string,
  status: SyncTaskStatus,
  reason: string | null,
): Promise<void> {
  return store.transaction(async (client) => {
    await holdFence(client, task);
    await client.query(
      `UPDATE sync_tasks SET status = $2::text, updated_at = now(),
         completed_at = CASE WHEN $2::text = 'COMPLETED' THEN coalesce(completed_at, now()) END,
         config = (config::jsonb || jsonb_build_object('reason', $3::text))::json
       WHERE id = $1`,
      [id, status, reason?.replaceAll('\0', '').slice(0, MAX_REASON) ?? null],
    );
  });
}
