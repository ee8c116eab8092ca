/**
 * Stores a batch of fetched units. The rows travel first, by COPY into a temporary table outside any transaction,
 * so that a process frozen in the middle of it holds no lock that matters. Then ONE transaction: fence, merge,
 * ledger, failures that are mended, checkpoint. A crash anywhere leaves all of it or none.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { TableDataset } from '../datasets/dataset.ts';
import type { RunOwner } from '../store/application-name.ts';
import { quoted } from '../store/sql.ts';
import { resolveFailures } from '../store/sync-failures.ts';
import { noticeCodeChanges } from './code-changes.ts';
import { COPY_BEGIN, COPY_END } from './copy-rows.ts';
import { holdFence } from './fence.ts';
import type { FetchedUnit } from './fetch-unit.ts';
import { writeCoverage } from './ledger.ts';
import { deleteVanished, type Merged, mergeArrivals } from './merge.ts';
import { noteOddities } from './oddities.ts';
import { rowsOfPartitions } from './partition-rows.ts';
import { refuseVanished } from './vanish-guard.ts';

export interface BatchTarget {
  dataset: TableDataset;
  owner: RunOwner;
  sync_task_id: string;
}

/** Makes the temporary table that batches arrive in; it lives as long as the connection. */
export async function openArrivals(client: PoolClient, dataset: TableDataset): Promise<void> {
  await client.query('DROP TABLE IF EXISTS pg_temp.arrivals');
  await client.query(`CREATE TEMPORARY TABLE arrivals (LIKE public.${quoted(dataset.name)})`);
}

/**
 * Writes one batch and moves the checkpoint to `offset`, the lowest unit that is not settled afterwards.
 * @returns rows that were new or changed, and those that were revised.
 * @throws TaskError fenced or data_rejected, or the driver's error; then nothing of the batch is stored.
 */
export async function writeBatch(
  client: PoolClient,
  target: BatchTarget,
  batch: readonly FetchedUnit[],
  offset: number,
): Promise<Merged> {
  const columns = batch.find((unit) => unit.rows > 0)?.columns ?? [];
  await copyArrivals(client, batch, columns);
  await client.query('BEGIN');
  try {
    await holdFence(client, target.owner);
    const merged = await store(client, target, batch, columns);
    await writeCoverage(client, target.dataset, target.sync_task_id, batch);
    await resolveFailures(
      client,
      target.dataset.name,
      batch.flatMap(({ unit }) => unit.partitions),
    );
    const sumOf = (count: 'rows' | 'repeated') => batch.reduce((sum, unit) => sum + unit[count], 0);
    await noteOddities(client, target.dataset, target.sync_task_id, sumOf('repeated'));
    await moveCheckpoint(client, target.sync_task_id, offset, sumOf('rows'));
    await client.query('COMMIT');
    return merged;
  } catch (error) {
    // When the connection is gone Postgres has rolled back by itself; the first error is the one that tells.
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

/** The checkpoint: the lowest unit that is not settled, and rows stored since the last one. */
export async function moveCheckpoint(
  client: ClientBase,
  sync_task_id: string,
  offset: number,
  rows: number,
): Promise<void> {
  await client.query(
    `UPDATE sync_tasks SET current_offset = $2, total_processed = total_processed + $3, updated_at = now()
     WHERE id = $1`,
    [sync_task_id, offset, rows],
  );
}

async function copyArrivals(
  client: PoolClient,
  batch: readonly FetchedUnit[],
  columns: string[],
): Promise<void> {
  await client.query('TRUNCATE arrivals');
  if (columns.length === 0) return;
  const stream = client.query(copyFrom(`COPY arrivals (${columns.map(quoted)}) FROM STDIN (FORMAT binary)`));
  await pipeline(Readable.from([COPY_BEGIN, ...batch.map((unit) => unit.copy), COPY_END]), stream);
}

async function store(
  client: PoolClient,
  { dataset, sync_task_id }: BatchTarget,
  batch: readonly FetchedUnit[],
  columns: string[],
): Promise<Merged> {
  if (dataset.snapshot) await refuseVanished(client, dataset, dataset.snapshot.max_loss);
  if (columns.length === 0) return { written: 0, revised: 0 };
  const partitions = batch.flatMap(({ unit }) => unit.partitions);
  const known = await client.query(
    'SELECT 1 FROM coverage WHERE dataset = $1 AND partition = ANY($2) LIMIT 1',
    [dataset.name, partitions],
  );
  if (dataset.name === 'stock_basic') await noticeCodeChanges(client, sync_task_id);
  const deleted = known.rowCount === 0 ? 0 : await deleteTakenBack(client, dataset, sync_task_id, batch);
  const merged = await mergeArrivals(client, dataset, columns, known.rowCount === 0, sync_task_id);
  return { written: merged.written, revised: merged.revised + deleted };
}

/** Deletes what TuShare no longer tells, where the declaration says that this happens. An empty answer takes back nothing. */
async function deleteTakenBack(
  client: PoolClient,
  dataset: TableDataset,
  sync_task_id: string,
  batch: readonly FetchedUnit[],
): Promise<number> {
  if (dataset.snapshot?.vanished === 'deleted')
    return deleteVanished(client, dataset, sync_task_id, 'true', []);
  if (!dataset.replaces_partition) return 0;
  let deleted = 0;
  for (const { unit, fetched } of batch) {
    const answered = unit.partitions.filter((_, at) => (fetched[at] ?? 0) > 0);
    if (answered.length === 0) continue;
    const { sql, values } = rowsOfPartitions(dataset, unit, answered, 3);
    deleted += await deleteVanished(client, dataset, sync_task_id, sql, values);
  }
  return deleted;
}
