/** Fetches the units of a run with several calls in flight, into the inbox of its writer. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TableDataset } from '../datasets/dataset.ts';
import type { Store } from '../store/store.ts';
import type { Fetching } from './ask-unit.ts';
import { type BlockGroup, freezeGroups } from './block-groups.ts';
import { BlockMarket } from './block-market.ts';
import type { RunContext } from './context.ts';
import { namingDatabaseErrors } from './database-error.ts';
import { concernsOneUnit, type FailedUnit } from './failures.ts';
import { fetchUnit } from './fetch-unit.ts';
import type { Inbox } from './inbox.ts';
import { datasetOf, type RunUnit, type SyncJob } from './job.ts';
import { limiter } from './limiter.ts';
import type { SyncRun } from './sync-task.ts';
import { callsOf } from './unit.ts';

/** Calls in flight at a pause or a failure may still bring their answers: a call that is paid for is not wasted. */
const LAST_ANSWERS_MS = 8_000;
/** A unit that failed for a reason that may pass is asked so often more, after all the others. */
const FURTHER_TRIES = 2;
/** So many units that fail without one between them that works: it is not the units. Those that failed before don't count. */
const FAILURES_IN_A_ROW = 10;

/** A unit, or a group of one, that is still to be fetched. */
interface Waiting {
  index: number;
  unit: RunUnit;
  /** Calls that it is meant to take, as the plan counts them. */
  calls: number;
}

/**
 * Asks for every unit that is not settled, in order, until all are fetched, the run pauses, a call fails, or the
 * writer has ended. Then closes the inbox. A unit that fails by itself doesn't hold up the others. At a pause what is
 * fetched is written at once: its thread may be ended soon.
 * @returns the units that failed for good.
 * @throws what ended the run; not while it is pausing: then its calls are refused on purpose. When no unit at all
 * worked, the error of the first that is no retry.
 */
export function fetchAhead(
  context: RunContext,
  store: Store,
  job: SyncJob,
  sync: SyncRun,
  inbox: Inbox,
  writerEnded: AbortSignal,
  tell: (calls: number) => void,
): Promise<FailedUnit[]> {
  const ending = new AbortController();
  const failed = new Map<Waiting, FailedUnit>();
  let failure: { error: unknown } | undefined;
  let nothing = sync.settled.size === 0;
  let inARow = 0;
  const market = new BlockMarket(store, sync);
  const fetching = fetchingWith(context, market);
  const stopped = () => context.pause.aborted || writerEnded.aborted || failure !== undefined;

  function fail(error: unknown): void {
    failure ??= { error };
    ending.abort();
  }

  async function fetchOne(waiting: Waiting): Promise<void> {
    const { index, unit, calls } = waiting;
    const dataset = datasetOf(job, unit.dataset);
    try {
      const fetched = await fetchUnit(watched(fetching, market, dataset, unit), dataset, unit, index);
      market.asked(index, fetched);
      inbox.put(fetched);
      failed.delete(waiting);
      inARow = 0;
      nothing = false;
      tell(calls);
    } catch (error) {
      market.asked(index, null);
      const alone =
        concernsOneUnit(error) && !dataset.snapshot && (unit.retry || ++inARow < FAILURES_IN_A_ROW);
      if (alone) failed.set(waiting, { index, unit, error });
      else fail(error);
    }
  }

  /** The next unit to fetch; of a block its groups, one after the other. */
  async function next(waiting: Waiting[]): Promise<Waiting | undefined> {
    await inbox.room();
    if (stopped()) return undefined;
    const first = waiting.shift();
    if (!first?.unit.block || first.unit.group) return first;
    try {
      waiting.unshift(...(await groupsOf(first)));
    } catch (error) {
      fail(error);
    }
    return next(waiting);
  }

  /** The groups of a block that are not stored, frozen when it is begun. */
  async function groupsOf({ index, unit, calls }: Waiting): Promise<Waiting[]> {
    if (!sync.groups[index]) {
      const groups = await market.groupsOf(datasetOf(job, unit.dataset), unit);
      await namingDatabaseErrors('groups of codes', () =>
        freezeGroups(store, context.task, sync, index, groups),
      );
      sync.groups[index] = groups;
    }
    const groups = sync.groups[index] as BlockGroup[];
    return groups
      .filter(({ stored }) => !stored)
      .map((group) => ({ index, unit: { ...unit, group }, calls: calls / groups.length }));
  }

  async function fetchRound(waiting: Waiting[]): Promise<void> {
    const inTurn = limiter(1);
    const oneAfterAnother = async () => {
      for (;;) {
        const unit = await inTurn(() => next(waiting));
        if (unit === undefined) return;
        await fetchOne(unit);
      }
    };
    const hasBlocks = waiting.some(({ unit }) => unit.block);
    const most = context.config.SYNC_CALLS_IN_FLIGHT;
    const inFlight = hasBlocks ? most : Math.min(most, Math.max(1, waiting.length));
    await Promise.all(Array.from({ length: inFlight }, oneAfterAnother));
  }

  async function fetchAll(): Promise<void> {
    const all = sync.units.map((unit, index) => ({ index, unit, calls: callsOf(unit) }));
    await fetchRound(all.filter(({ index }) => !sync.settled.has(index)));
    if (nothing) failure ??= [...failed.values()].find(({ unit }) => !unit.retry);
    for (let again = 1; again <= FURTHER_TRIES && !stopped(); again++) {
      inARow = 0;
      await fetchRound([...failed].filter(([, { error }]) => error.retryable).map(([waiting]) => waiting));
    }
  }

  context.pause.addEventListener('abort', () => inbox.hurry(), { once: true });
  if (context.pause.aborted) inbox.hurry();
  const done = Promise.race([fetchAll(), lastAnswers([context.pause, ending.signal])]).then(() => {
    ending.abort();
    inbox.close();
    if (failure && !context.pause.aborted) throw failure.error;
    return [...new Map([...failed.values()].map((unit) => [unit.index, unit])).values()];
  });
  // The writer may fail first; then its error is the one that is thrown and this one is never awaited.
  done.catch(() => {});
  return done;
}

/** Calls of all units together stay within SYNC_CALLS_IN_FLIGHT. */
function fetchingWith(context: RunContext, market: BlockMarket): Fetching {
  const inFlight = limiter(context.config.SYNC_CALLS_IN_FLIGHT);
  return {
    call: (...asked) => inFlight(() => context.call(...asked)),
    codes: (dataset) => market.codes(dataset),
  };
}

/** Has the market look at the answers of a unit. */
const watched = (
  fetching: Fetching,
  market: BlockMarket,
  dataset: TableDataset,
  unit: RunUnit,
): Fetching => ({
  ...fetching,
  async call(...asked) {
    const answer = await fetching.call(...asked);
    market.saw(dataset, unit, answer);
    return answer;
  },
});

/** Resolves some seconds after the first of the signals. */
async function lastAnswers(signals: AbortSignal[]): Promise<void> {
  const first = AbortSignal.any(signals);
  if (!first.aborted)
    await new Promise<void>((resolve) => first.addEventListener('abort', () => resolve(), { once: true }));
  await delay(LAST_ANSWERS_MS, undefined, { ref: false });
}
