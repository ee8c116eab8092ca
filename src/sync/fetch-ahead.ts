/** Fetches the units of a run with several calls in flight, into the inbox of its writer. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../store/store.ts';
import type { Fetching } from './ask-unit.ts';
import type { Listing } from './code-groups.ts';
import type { RunContext } from './context.ts';
import { concernsOneUnit, type FailedUnit } from './failures.ts';
import { fetchUnit } from './fetch-unit.ts';
import type { Inbox } from './inbox.ts';
import { datasetOf, type RunUnit, type SyncJob } from './job.ts';
import { limiter } from './limiter.ts';
import { readListings } from './market.ts';
import type { SyncRun } from './sync-task.ts';

/** Calls in flight at a pause or a failure may still bring their answers: a call that is paid for is not wasted. */
const LAST_ANSWERS_MS = 8_000;
/** A unit that failed for a reason that may pass is asked so often more, after all the others. */
const FURTHER_TRIES = 2;
/** Units that are fetched by groups of codes at a time: each may hold 90,000 rows (pack.ts), and has calls enough. */
const BLOCKS_AT_ONCE = 1;
/** So many units that fail without one between them that works: it is not the units. Those that failed before don't count. */
const FAILURES_IN_A_ROW = 10;

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
  tell: (fetched: number) => void,
): Promise<FailedUnit[]> {
  const ending = new AbortController();
  const failed = new Map<number, FailedUnit>();
  let failure: { error: unknown } | undefined;
  let fetched = sync.settled.size;
  let inARow = 0;
  const fetching = fetchingWith(context, store);
  const block = limiter(BLOCKS_AT_ONCE);
  const stopped = () => context.pause.aborted || writerEnded.aborted || failure !== undefined;

  async function fetchOne(index: number): Promise<void> {
    const unit = sync.units[index] as RunUnit;
    const dataset = datasetOf(job, unit.dataset);
    try {
      const ask = () => fetchUnit(fetching, dataset, unit, index);
      inbox.put(await (unit.calls ? block(ask) : ask()));
      failed.delete(index);
      inARow = 0;
      tell(++fetched);
    } catch (error) {
      const alone =
        concernsOneUnit(error) && !dataset.snapshot && (unit.retry || ++inARow < FAILURES_IN_A_ROW);
      if (alone) failed.set(index, { index, unit, error });
      else {
        failure ??= { error };
        ending.abort();
      }
    }
  }

  async function fetchRound(waiting: number[]): Promise<void> {
    const oneAfterAnother = async () => {
      for (;;) {
        await inbox.room();
        const index = stopped() ? undefined : waiting.shift();
        if (index === undefined) return;
        await fetchOne(index);
      }
    };
    const inFlight = Math.min(context.config.SYNC_CALLS_IN_FLIGHT, Math.max(1, waiting.length));
    await Promise.all(Array.from({ length: inFlight }, oneAfterAnother));
  }

  async function fetchAll(): Promise<void> {
    await fetchRound(sync.units.map((_, index) => index).filter((index) => !sync.settled.has(index)));
    if (fetched === 0) failure ??= [...failed.values()].find(({ unit }) => !unit.retry);
    for (let again = 1; again <= FURTHER_TRIES && !stopped(); again++) {
      inARow = 0;
      await fetchRound([...failed.values()].filter(({ error }) => error.retryable).map(({ index }) => index));
    }
  }

  context.pause.addEventListener('abort', () => inbox.hurry(), { once: true });
  if (context.pause.aborted) inbox.hurry();
  const done = Promise.race([fetchAll(), lastAnswers([context.pause, ending.signal])]).then(() => {
    ending.abort();
    inbox.close();
    if (failure && !context.pause.aborted) throw failure.error;
    return [...failed.values()];
  });
  // The writer may fail first; then its error is the one that is thrown and this one is never awaited.
  done.catch(() => {});
  return done;
}

/** Calls of all units together stay within SYNC_CALLS_IN_FLIGHT; the stock list is read once, when it is needed. */
function fetchingWith(context: RunContext, store: Store): Fetching {
  const inFlight = limiter(context.config.SYNC_CALLS_IN_FLIGHT);
  let listings: Promise<readonly Listing[]> | undefined;
  return {
    call: (...asked) => inFlight(() => context.call(...asked)),
    listings() {
      listings ??= readListings(store.pool);
      return listings;
    },
  };
}

/** Resolves some seconds after the first of the signals. */
async function lastAnswers(signals: AbortSignal[]): Promise<void> {
  const first = AbortSignal.any(signals);
  if (!first.aborted)
    await new Promise<void>((resolve) => first.addEventListener('abort', () => resolve(), { once: true }));
  await delay(LAST_ANSWERS_MS, undefined, { ref: false });
}
