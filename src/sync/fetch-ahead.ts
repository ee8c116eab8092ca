/** Fetches the units of a run with several calls in flight, into the inbox of its writer. */
import { setTimeout as delay } from 'node:timers/promises';
import type { TableDataset } from '../datasets/dataset.ts';
import type { RunContext } from './context.ts';
import { fetchUnit } from './fetch-unit.ts';
import type { Inbox } from './inbox.ts';
import type { SyncRun } from './sync-task.ts';

/** Calls in flight at a pause or a failure may still bring their answers: a call that is paid for is not wasted. */
const LAST_ANSWERS_MS = 8_000;

/**
 * Asks for every unit that is not committed, in order, until all are fetched, the run pauses, a call fails, or the
 * writer has ended. Then closes the inbox. At a pause what is fetched is written at once: its thread may be ended soon.
 * @throws what the first failing call threw, unless the run is pausing: then its calls are refused on purpose.
 */
export function fetchAhead(
  context: RunContext,
  dataset: TableDataset,
  sync: SyncRun,
  inbox: Inbox,
  writerEnded: AbortSignal,
  tell: (fetched: number) => void,
): Promise<void> {
  const waiting = sync.units.map((_, index) => index).filter((index) => !sync.committed.has(index));
  const ending = new AbortController();
  let failure: { error: unknown } | undefined;
  let fetched = sync.committed.size;
  const stopped = () => context.pause.aborted || writerEnded.aborted || failure !== undefined;

  async function fetchOneAfterAnother(): Promise<void> {
    for (;;) {
      await inbox.room();
      const index = stopped() ? undefined : waiting.shift();
      const unit = index === undefined ? undefined : sync.units[index];
      if (index === undefined || !unit) return;
      try {
        inbox.put(await fetchUnit(context.call, dataset, unit, index));
        tell(++fetched);
      } catch (error) {
        failure ??= { error };
        ending.abort();
        return;
      }
    }
  }

  context.pause.addEventListener('abort', () => inbox.hurry(), { once: true });
  if (context.pause.aborted) inbox.hurry();
  const inFlight = Math.min(context.config.SYNC_CALLS_IN_FLIGHT, Math.max(1, waiting.length));
  const all = Promise.all(Array.from({ length: inFlight }, fetchOneAfterAnother));
  const done = Promise.race([all, lastAnswers([context.pause, ending.signal])]).then(() => {
    ending.abort();
    inbox.close();
    if (failure && !context.pause.aborted) throw failure.error;
  });
  // The writer may fail first; then its error is the one that is thrown and this one is never awaited.
  done.catch(() => {});
  return done;
}

/** Resolves some seconds after the first of the signals. */
async function lastAnswers(signals: AbortSignal[]): Promise<void> {
  const first = AbortSignal.any(signals);
  if (!first.aborted)
    await new Promise<void>((resolve) => first.addEventListener('abort', () => resolve(), { once: true }));
  await delay(LAST_ANSWERS_MS, undefined, { ref: false });
}
