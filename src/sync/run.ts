/**
 * One run of a sync: several calls fetch units ahead, one writer stores them in batches, each batch with its
 * checkpoint in one transaction. Where a run ends (pause, closed window, failure, kill), the next attempt of the
 * same task goes on with the units that are not settled.
 */
import type { PoolClient } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import { findDataset } from '../datasets/own-datasets.ts';
import { TaskError } from '../errors.ts';
import { WindowClosed } from '../limits/permit.ts';
import type { SyncTaskStatus } from '../store/entities.ts';
import type { Store } from '../store/store.ts';
import { refuseWhileAnotherRuns } from './another-runs.ts';
import { closedBy, noteStored } from './block-groups.ts';
import { countCodeChanges } from './code-changes.ts';
import type { RunContext, RunOutcome } from './context.ts';
import { DatabaseAway } from './database-away.ts';
import { namingDatabaseErrors } from './database-error.ts';
import { type FailedUnit, writeFailures } from './failures.ts';
import { endOlderOwners, holdFence } from './fence.ts';
import { fetchAhead } from './fetch-ahead.ts';
import { GoesOnLater, goingOn } from './goes-on.ts';
import { type BatchLimits, Inbox } from './inbox.ts';
import { datasetOf, type RunUnit, type SyncJob } from './job.ts';
import { verdictsOf } from './ledger.ts';
import { readMarket } from './market.ts';
import { inSentences, readOddities } from './oddities.ts';
import { planUnits } from './plan.ts';
import { retriesOf } from './retries.ts';
import { beat, beginSync, endSync, type SyncRun } from './sync-task.ts';
import { callsOf } from './unit.ts';
import { inWords, refuseSilence } from './verdict.ts';
import { warningsOf } from './warnings.ts';
import { moveCheckpoint, openArrivals, writeBatch } from './write-batch.ts';

/** A batch: at most this many rows (or one unit), and written at most this long after its first unit came. */
const BATCH_ROWS = 30_000;
const BATCH_WAIT_MS = 5_000;
/** Rows that wait for the writer before fetching pauses: two batches, some 6 MB of text. */
const WAITING_ROWS = 2 * BATCH_ROWS;
/** A run that waits for the call window says that it lives; stale is 10 minutes by default. */
const HEARTBEAT_MS = 30_000;

/**
 * Runs the task of the context to its end or to a pause: the dataset it names, and those in params.also.
 * @throws TaskError; WindowClosed after what was fetched is committed and the sync task is PAUSED.
 */
export async function runSync(context: RunContext, store: Store): Promise<RunOutcome> {
  const { task } = context;
  const datasets = new Map<string, TableDataset>();
  for (const name of [task.dataset, ...((task.params.also as string[] | undefined) ?? [])])
    datasets.set(name, await tableDatasetOf(context, name));
  return runJob(context, store, {
    datasets,
    batch_size: context.config.SYNC_DAILY_HISTORY_BATCH_SIZE,
    async plan(client, warn) {
      const units: RunUnit[] = [];
      for (const dataset of datasets.values()) {
        const market = await readMarket(client, dataset, task.mode, task.params);
        const planned = planUnits(dataset, task.mode, task.params, market, new Date());
        warningsOf(dataset, task.mode, market).forEach(warn);
        units.push(...planned.map((unit) => ({ dataset: dataset.name, ...unit })));
      }
      return task.mode === 'incremental' ? retriesOf(client, task.job_type, units, datasets) : units;
    },
  });
}

/**
 * Runs a job: takes up its checkpoint or makes it, fetches, stores, and says how it ended.
 * @param later an earlier part of the task has run already, so that its fence is raised.
 * @throws TaskError; WindowClosed after what was fetched is committed and the sync task is PAUSED.
 */
export async function runJob(
  context: RunContext,
  store: Store,
  job: SyncJob,
  later = false,
): Promise<RunOutcome> {
  const { task, config } = context;
  const staleMinutes = config.SYNC_TASK_STALE_TIMEOUT_MINUTES;
  const sync = await namingDatabaseErrors(`${task.job_type}, start`, async () => {
    await refuseWhileAnotherRuns(store, task, staleMinutes, context.statusOf);
    if (!later) await endOlderOwners(store, task);
    return beginSync(store, task, job, { staleMinutes, fenceRaised: later });
  });
  // One that fails is made up for by the next; a database that stays away ends the run by itself.
  const heart = setInterval(() => beat(store, sync.id).catch(() => {}), HEARTBEAT_MS).unref();
  const end = (status: SyncTaskStatus, reason: string | null) =>
    namingDatabaseErrors(`${task.job_type}, end`, () => endSync(store, task, sync.id, status, reason));
  try {
    const { records, revised } = await work(context, store, job, sync);
    if (sync.settled.size < sync.units.length) {
      const reason = pauseReason(context.pause);
      await end('PAUSED', reason);
      return { kind: 'paused', reason };
    }
    const [verdicts, oddities, changes] = await namingDatabaseErrors(`${task.job_type}, end`, async () => [
      await verdictsOf(store.pool, sync.id),
      await readOddities(store.pool, sync.id),
      await countCodeChanges(store.pool, sync.id),
    ]);
    refuseSilence(task, job, sync.units, verdicts);
    const told = inWords(verdicts, revised, changes, sync.warnings);
    const words = [told, ...inSentences(oddities, job.datasets)].filter(Boolean).join(' ') || null;
    await end('COMPLETED', words);
    context.progress(1, records, words ?? `${sync.units.length} of ${sync.units.length} units stored`);
    return { kind: 'completed', records_processed: records };
  } catch (error) {
    await noteFailure(context, store, sync, error);
    throw error;
  } finally {
    clearInterval(heart);
  }
}

/** The declaration of a dataset with a table of its own. @throws TaskError unknown_dataset */
export async function tableDatasetOf(
  context: Pick<RunContext, 'config'>,
  name: string,
): Promise<TableDataset> {
  const dataset = await findDataset(context.config, name);
  if (dataset?.runner !== undefined || !dataset)
    throw new TaskError('unknown_dataset', `There is no dataset ${name} with a table of its own`);
  return dataset;
}

/** Fetches and stores what is not settled yet. Returns the rows stored by all attempts, and those revised by this one. */
async function work(
  context: RunContext,
  store: Store,
  job: SyncJob,
  sync: SyncRun,
): Promise<{ records: number; revised: number }> {
  let records = sync.total_processed;
  let revised = 0;
  const tell = teller(context, sync, () => records);
  const isSnapshot = [...job.datasets.values()].some(({ snapshot }) => snapshot);
  const inbox = new Inbox(isSnapshot ? Number.POSITIVE_INFINITY : WAITING_ROWS);
  const written = new AbortController();
  const fetching = fetchAhead(context, store, job, sync, inbox, written.signal, tell);
  try {
    const limits = batchLimits(isSnapshot, sync);
    const open = new WeakMap<PoolClient, TableDataset>();
    for (let batch = await inbox.nextBatch(limits); batch; batch = await inbox.nextBatch(limits)) {
      const units = batch;
      const dataset = datasetOf(job, units[0]?.unit.dataset as string);
      const waiting = sync.units.filter((unit, at) => unit.dataset === dataset.name && !sync.settled.has(at));
      if (dataset.snapshot && units.length < waiting.length) break;
      const whole = units.filter(({ unit }) => !unit.group).map(({ index }) => index);
      const done = new Set([...sync.settled, ...whole, ...closedBy(sync.groups, units)]);
      const target = { dataset, owner: context.task, sync_task_id: sync.id };
      const merged = await withConnection(store, async (client) => {
        if (open.get(client) !== dataset) await openArrivals(client, dataset);
        open.set(client, dataset);
        return writeBatch(client, target, units, lowestMissing(done));
      });
      revised += merged.revised;
      sync.settled = done;
      noteStored(sync.groups, units);
      records += units.reduce((sum, unit) => sum + unit.rows, 0);
      context.checkpointed();
      tell(0);
    }
  } finally {
    written.abort();
    inbox.close();
  }
  const pauseMs = context.config.TASK_RETRY_BASE_SECONDS * 1000;
  const failed = await goingOn(fetching, () => records > sync.total_processed, pauseMs);
  if (!context.pause.aborted) await settleFailed(context, store, sync, failed);
  return { records, revised };
}

/** Tells how far a run is by its calls, and never less than before: takes how many more are done. */
function teller(context: RunContext, sync: SyncRun, records: () => number): (calls: number) => void {
  const total = sync.units.reduce((sum, unit) => sum + callsOf(unit), 0);
  const stored = (index: number) => {
    const groups = sync.groups[index] ?? [];
    return groups.length ? groups.filter(({ stored }) => stored).length / groups.length : 0;
  };
  let done = sync.units.reduce(
    (sum, unit, index) => sum + callsOf(unit) * (sync.settled.has(index) ? 1 : stored(index)),
    0,
  );
  const tell = (calls: number) => {
    done += calls;
    const share = total ? Math.min(1, done / total) : 1;
    context.progress(share, records(), `${sync.settled.size} of ${sync.units.length} units stored`);
  };
  tell(0);
  return tell;
}

/** Writes down what failed for good; the run is through with it. */
async function settleFailed(
  context: RunContext,
  store: Store,
  sync: SyncRun,
  failed: readonly FailedUnit[],
): Promise<void> {
  if (failed.length === 0) return;
  const done = new Set([...sync.settled, ...failed.map(({ index }) => index)]);
  await namingDatabaseErrors(`${context.task.job_type}, failures`, () =>
    store.transaction(async (client) => {
      await holdFence(client, context.task);
      await writeFailures(client, context.task, sync.id, failed, context.config.SYNC_FAILURE_MAX_RETRIES);
      await moveCheckpoint(client, sync.id, lowestMissing(done), 0);
    }),
  );
  sync.settled = done;
}

/** Rows of a snapshot are one batch: they are judged as a whole before any is stored. */
function batchLimits(isSnapshot: boolean, sync: SyncRun): BatchLimits {
  const all = Number.POSITIVE_INFINITY;
  if (isSnapshot) return { units: sync.units.length - sync.settled.size, rows: all, waitMs: 2 ** 31 - 1 };
  return { units: sync.batch_size, rows: BATCH_ROWS, waitMs: BATCH_WAIT_MS };
}

/** A connection for one batch (R110): a run that waits for the call window holds none. */
function withConnection<T>(store: Store, write: (client: PoolClient) => Promise<T>): Promise<T> {
  return namingDatabaseErrors('write', async () => {
    const client = await store.pool.connect();
    const ignore = () => {};
    // A connection that is ended between two statements is told by the next statement.
    client.on('error', ignore);
    let intact = false;
    try {
      const written = await write(client);
      intact = true;
      return written;
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

/** PAUSED where no attempt is used up, FAILED else; a run that lost its fence has nothing left to say. */
async function noteFailure(context: RunContext, store: Store, sync: SyncRun, error: unknown): Promise<void> {
  if (error instanceof TaskError && error.type === 'fenced') return;
  const usesNoAttempt = [WindowClosed, DatabaseAway, GoesOnLater].some((kind) => error instanceof kind);
  const status = usesNoAttempt ? 'PAUSED' : 'FAILED';
  // When this can't be written either, the first error still says more; the row is taken up again all the same.
  await endSync(store, context.task, sync.id, status, (error as Error).message).catch(() => {});
}
