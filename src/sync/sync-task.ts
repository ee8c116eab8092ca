/**
 * The checkpoint of a run: its row in sync_tasks.
 *
 *   PENDING is not used: a row is made by the run that starts it.
 *   RUNNING ──▶ COMPLETED            every unit is settled: stored, or recorded as failed
 *           ──▶ PAUSED               pause, or the call window is closed; or its task ended while its thread could
 *                                    say nothing more: stop, deadline, lost supervisors. The units committed stay
 *           ──▶ FAILED               the attempt ended badly, or no heartbeat came for long (stale)
 *   RUNNING | PAUSED | FAILED ──▶ RUNNING   a later attempt of the SAME queue task goes on in the same row (D1)
 *   PAUSED ──▶ RUNNING                      a new submission of the same history takes the row over (D1)
 *
 * The plan is frozen in `config.units` when the row is made (D22); current_offset is an index into it.
 */
import { randomUUID } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { ClaimedTask } from '../queue/task.ts';
import type { SyncTaskStatus } from '../store/entities.ts';
import type { Store } from '../store/store.ts';
import type { BlockGroups } from './block-groups.ts';
import { holdFence, raiseFence } from './fence.ts';
import type { RunUnit, SyncJob } from './job.ts';

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
  units: RunUnit[];
  batch_size: number;
  /** Rows stored by earlier attempts. */
  total_processed: number;
  /** Indexes of the units that need nothing more: committed, or recorded as failed. */
  settled: Set<number>;
  /** What its plan had to say. */
  warnings: string[];
  /** Of the blocks that are begun and not through. */
  groups: BlockGroups;
}

export interface BeginOptions {
  /** Minutes without a heartbeat after which a RUNNING row is stale (SYNC_TASK_STALE_TIMEOUT_MINUTES). */
  staleMinutes: number;
  /** An earlier part of this run has raised the fence. */
  fenceRaised?: boolean;
}

/** What sync_tasks calls a job type. */
export const syncJobType = (job_type: string): string => SYNC_JOB_TYPES[job_type] ?? job_type;

/** What sync_failure_records calls the jobs whose failures a job retries: its own, an incremental one those of its history too. */
export function retriedTypes(job_type: string): [own: string, ...others: string[]] {
  const history = job_type.replace(/\.incremental$/, '.history');
  return history === job_type ? [syncJobType(job_type)] : [syncJobType(job_type), syncJobType(history)];
}

/**
 * The run's first transaction: raises the fence, and takes up the row of this queue task, inherits that of a stale
 * or paused one, or makes its own. The plan is made only for a new row.
 * @throws TaskError fenced, or what the plan throws. Then nothing is changed.
 */
export function beginSync(
  store: Store,
  task: ClaimedTask,
  job: SyncJob,
  { staleMinutes, fenceRaised = false }: BeginOptions,
): Promise<SyncRun> {
  return store.transaction(async (client) => {
    await client.query(`SET LOCAL lock_timeout = ${FENCE_LOCK_TIMEOUT_MS}`);
    if (fenceRaised) await holdFence(client, task);
    else await raiseFence(client, task);
    const own = await resume(client, task, job);
    if (own) return own;
    return (await takeOver(client, task, job, staleMinutes)) ?? (await create(client, task, job));
  });
}

interface Row {
  id: string;
  status: SyncTaskStatus;
  current_offset: number;
  batch_size: number;
  total_processed: number;
  config: {
    units: RunUnit[];
    task_id: string;
    dataset: string;
    warnings?: string[];
    groups?: BlockGroups;
  };
  stale: boolean;
  same_params: boolean;
}

const ROW = 'id, status, current_offset, batch_size, total_processed, config';

async function resume(client: ClientBase, task: ClaimedTask, job: SyncJob): Promise<SyncRun | null> {
  const { rows } = await client.query<Row>(
    `UPDATE sync_tasks SET status = CASE status WHEN 'COMPLETED' THEN status ELSE 'RUNNING' END, updated_at = now()
     WHERE config->>'task_id' = $1 AND coalesce(config->>'part', '') = $2 RETURNING ${ROW}`,
    [task.task_id, job.part ?? ''],
  );
  return rows[0] ? runOf(client, task, rows[0]) : null;
}

/**
 * Ends the rows of other tasks of this job type that nobody works on: their owners hold an older fence. A history
 * with the same parameters goes on where they were.
 */
async function takeOver(
  client: ClientBase,
  task: ClaimedTask,
  job: SyncJob,
  staleMinutes: number,
): Promise<SyncRun | null> {
  const { rows } = await client.query<Row>(
    `SELECT ${ROW}, updated_at < now() - make_interval(mins => $3) AS stale,
       (config->'params')::jsonb = $4::jsonb AS same_params
     FROM sync_tasks WHERE job_type = $1 AND status IN ('RUNNING', 'PAUSED')
       AND config->>'task_id' <> $2 AND coalesce(config->>'part', '') = $5
     ORDER BY updated_at DESC FOR UPDATE`,
    [syncJobType(task.job_type), task.task_id, staleMinutes, JSON.stringify(task.params), job.part ?? ''],
  );
  const heir = task.mode === 'history' ? rows.find((row) => row.same_params) : undefined;
  for (const row of rows) {
    if (row.status === 'PAUSED' && row === heir) continue;
    const why = row.stale
      ? `stale: no heartbeat for ${staleMinutes} minutes`
      : 'its run ended without a word';
    await client.query(
      `UPDATE sync_tasks SET status = 'FAILED', updated_at = now(),
         config = (config::jsonb || jsonb_build_object('reason', $2::text))::json WHERE id = $1`,
      [row.id, `${why}; task ${task.task_id} ${row === heir ? 'goes on from here' : 'began anew'}`],
    );
  }
  if (!heir) return null;
  return heir.status === 'PAUSED' ? takeRow(client, task, heir) : inherit(client, task, job, heir);
}

/** A paused row becomes this task's. */
async function takeRow(client: ClientBase, task: ClaimedTask, row: Row): Promise<SyncRun> {
  await client.query(
    `UPDATE sync_tasks SET status = 'RUNNING', updated_at = now(),
       config = (config::jsonb || jsonb_build_object('task_id', $2::text))::json WHERE id = $1`,
    [row.id, task.task_id],
  );
  return runOf(client, task, row);
}

/** A new row with the offset, plan, totals and ledger entries of a dead one. */
async function inherit(client: ClientBase, task: ClaimedTask, job: SyncJob, row: Row): Promise<SyncRun> {
  const id = await insert(client, task, job, row.config, row);
  await client.query('UPDATE coverage SET sync_task_id = $2 WHERE sync_task_id = $1', [row.id, id]);
  return runOf(client, task, { ...row, id });
}

async function create(client: ClientBase, task: ClaimedTask, job: SyncJob): Promise<SyncRun> {
  const warnings: string[] = [];
  const units = await job.plan(client, (sentence) => warnings.push(sentence));
  const id = await insert(client, task, job, { units, warnings });
  const begun = { total_processed: 0, settled: new Set<number>(), groups: {} };
  return { id, units, batch_size: job.batch_size, warnings, ...begun };
}

async function insert(
  client: ClientBase,
  task: ClaimedTask,
  { batch_size, part }: SyncJob,
  { units, warnings = [], groups }: Pick<Row['config'], 'units' | 'warnings' | 'groups'>,
  from?: Row,
): Promise<string> {
  const id = randomUUID();
  const { task_id, dataset, mode, params } = task;
  const config = {
    task_id,
    ...(part && { part }),
    dataset,
    mode,
    params,
    units,
    ...(warnings.length > 0 && { warnings }),
    ...(groups && { groups }),
    ...(from && { resumed_from: from.id }),
  };
  await client.query(
    `INSERT INTO sync_tasks (id, job_type, status, batch_size, started_at, config, current_offset, total_processed)
     VALUES ($1, $2, 'RUNNING', $3, now(), $4, $5, $6)`,
    [
      id,
      syncJobType(task.job_type),
      from?.batch_size ?? batch_size,
      JSON.stringify(config),
      from?.current_offset ?? 0,
      from?.total_processed ?? 0,
    ],
  );
  return id;
}

/** The run that a row tells of. A day that answered empty is asked again by an incremental run's later attempt. */
async function runOf(client: ClientBase, task: ClaimedTask, row: Row): Promise<SyncRun> {
  const stored = await client.query<{ dataset: string; partition: string }>(
    `SELECT dataset, partition FROM coverage WHERE sync_task_id = $1 ${asksAgain(task) ? `AND state <> 'missing'` : ''}`,
    [row.id],
  );
  const covered = new Set(stored.rows.map((entry) => `${entry.dataset} ${entry.partition}`));
  const units = row.config.units.map((unit) => ({ ...unit, dataset: unit.dataset ?? row.config.dataset }));
  const settled = units
    .map((_, index) => index)
    .filter((index) => {
      if (index < row.current_offset && !asksAgain(task)) return true;
      const unit = units[index] as RunUnit;
      return unit.partitions.every((partition) => covered.has(`${unit.dataset} ${partition}`));
    });
  return {
    id: row.id,
    units,
    batch_size: row.batch_size,
    total_processed: row.total_processed,
    settled: new Set(settled),
    warnings: row.config.warnings ?? [],
    groups: row.config.groups ?? {},
  };
}

const asksAgain = (task: ClaimedTask): boolean => task.mode === 'incremental';

/** Says that the run lives (R89, R90); the queue's lease is apart from this (D26). */
export async function beat(store: Store, id: string): Promise<void> {
  await store.pool.query(`UPDATE sync_tasks SET updated_at = now() WHERE id = $1 AND status = 'RUNNING'`, [
    id,
  ]);
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
