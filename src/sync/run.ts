/**
 * One run of a sync: several calls fetch units ahead, one writer stores them in batches, each batch with its
 * checkpoint in one transaction. Where a run ends (pause, closed window, failure, kill), the next attempt of the
 * same task goes on with the units that are not committed.
 */
import type { PoolClient } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { findDataset } from '../datasets/own-datasets.ts';
import { TaskError } from '../errors.ts';
import { WindowClosed } from '../limits/permit.ts';
import type { SyncTaskStatus } from '../store/entities.ts';
import type { Store } from '../store/store.ts';
import type { RunContext, RunOutcome } from './context.ts';
import { DatabaseAway } from './database-away.ts';
import { namingDatabaseErrors } from './database-error.ts';
import { endOlderOwners } from './fence.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { type BatchLimits, Inbox } from './inbox.ts';
import { readMarket } from './market.ts';
import { planUnits } from './plan.ts';
import { beginSync, endSync, type SyncRun } from './sync-task.ts';
import { openArrivals, writeBatch } from './write-batch.ts';

/** A batch: at most this many rows, and written at most this long after its first unit came. */
const BATCH_ROWS = 30_000;
const BATCH_WAIT_MS = 5_000;
/** Rows that wait for the writer before fetching pauses: two batches, some 6 MB of text. */
const WAITING_ROWS = 2 * BATCH_ROWS;

/**
 * Runs the task of the context to its end or to a pause. Completed: every unit of the plan is committed.
 * @throws TaskError; WindowClosed after what was fetched is committed and the sync task is PAUSED.
 */
export async function runSync(context: RunContext, store: Store): Promise<RunOutcome> {
  const { task } = context;
  const dataset = await tableDatasetOf(context);
  const sync = await namingDatabaseErrors(`${task.job_type}, start`, async () => {
    await endOlderOwners(store, task);
    return beginSync(store, task, context.config.SYNC_DAILY_HISTORY_BATCH_SIZE, async (client) => {
      const market = dataset.fetch.by === 'trade_date' ? await readMarket(client) : null;
      return planUnits(dataset, task.mode, task.params, market, new Date());
    });
  });
  const end = (status: SyncTaskStatus, reason: string | null) =>
    namingDatabaseErrors(`${task.job_type}, end`, () => endSync(store, task, sync.id, status, reason));
  try {
    const records = await work(context, store, dataset, sync);
    if (sync.committed.size < sync.units.length) {
      const reason = pauseReason(context.pause);
      await end('PAUSED', reason);
      return { kind: 'paused', reason };
    }
    await end('COMPLETED', null);
    return { kind: 'completed', records_processed: records };
  } catch (error) {
    await noteFailure(context, store, sync, error);
    throw error;
  }
}

async function tableDatasetOf(context: RunContext): Promise<TableDataset> {
  const dataset = await findDataset(context.config, context.task.dataset);
  if (dataset?.runner !== undefined || !dataset)
    throw new TaskError(
      'unknown_dataset',
      `There is no dataset ${context.task.dataset} with a table of its own`,
    );
  return dataset;
}

/** Fetches and stores what is not committed yet. Returns the rows stored by all attempts. */
async function work(
  context: RunContext,
  store: Store,
  dataset: TableDataset,
  sync: SyncRun,
): Promise<number> {
  let records = sync.total_processed;
  const total = sync.units.length;
  let furthest = 0;
  const tell = (fetched: number) => {
    furthest = Math.max(furthest, fetched);
    context.progress(
      total ? furthest / total : 1,
      records,
      `${sync.committed.size} of ${total} units stored`,
    );
  };
  tell(sync.committed.size);
  const inbox = new Inbox(dataset.snapshot ? Number.POSITIVE_INFINITY : WAITING_ROWS);
  const written = new AbortController();
  const fetching = fetchAhead(context, dataset, sync, inbox, written.signal, tell);
  try {
    await withArrivals(store, dataset, async (client) => {
      const limits = batchLimits(dataset, sync);
      for (let batch = await inbox.nextBatch(limits); batch; batch = await inbox.nextBatch(limits)) {
        if (dataset.snapshot && batch.length < total - sync.committed.size) break;
        const done = new Set([...sync.committed, ...batch.map((unit) => unit.index)]);
        const target = { dataset, owner: context.task, sync_task_id: sync.id };
        await writeBatch(client, target, batch, lowestMissing(done));
        sync.committed = done;
        records += batch.reduce((sum, unit) => sum + unit.rows, 0);
        context.checkpointed();
        tell(done.size);
      }
    });
  } finally {
    written.abort();
    inbox.close();
  }
  await fetching;
  return records;
}

/** A snapshot is one batch: it is judged as a whole before any of it is stored. */
function batchLimits(dataset: TableDataset, sync: SyncRun): BatchLimits {
  const all = Number.POSITIVE_INFINITY;
  if (dataset.snapshot)
    return { units: sync.units.length - sync.committed.size, rows: all, waitMs: 2 ** 31 - 1 };
  return { units: sync.batch_size, rows: BATCH_ROWS, waitMs: BATCH_WAIT_MS };
}

/** One connection for all batches of a run: the temporary table belongs to it. */
async function withArrivals(
  store: Store,
  dataset: TableDataset,
  write: (client: PoolClient) => Promise<void>,
): Promise<void> {
  await namingDatabaseErrors(`${dataset.name}, write`, async () => {
    const client = await store.pool.connect();
    const ignore = () => {};
    // A connection that is ended between two statements is told by the next statement.
    client.on('error', ignore);
    let intact = false;
    try {
      await openArrivals(client, dataset);
      await write(client);
      intact = true;
    } finally {
      client.off('error', ignore);
      client.release(!intact);
    }
  });
}

function lowestMissing(done: ReadonlySet<number>): number {
  let offset = 0;
  while (done.has(offset)) offset++;
  return offset;
}

function pauseReason(pause: AbortSignal): string {
  const { reason } = pause;
  return reason instanceof Error ? reason.message : typeof reason === 'string' ? reason : 'paused';
}

/** PAUSED for a closed window or an absent Postgres, FAILED else; a run that lost its fence has nothing left to say. */
async function noteFailure(context: RunContext, store: Store, sync: SyncRun, error: unknown): Promise<void> {
  if (error instanceof TaskError && error.type === 'fenced') return;
  const status = error instanceof WindowClosed || error instanceof DatabaseAway ? 'PAUSED' : 'FAILED';
  // When this can't be written either, the first error still says more; the row is taken up again all the same.
  await endSync(store, context.task, sync.id, status, (error as Error).message).catch(() => {});
}
