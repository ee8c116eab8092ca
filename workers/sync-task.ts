/** A task of the sync engine in this thread: its database connections are its own, and closed at its end. */
import { applicationName } from '../src/store/application-name.ts';
import { openStore, type Store } from '../src/store/store.ts';
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { runSync } from '../src/sync/run.ts';

export const syncTask = (context: RunContext): Promise<RunOutcome> => withStore(context, runSync);

/** Runs with a store of the task's own, whose connections carry its fence. */
export async function withStore(
  context: RunContext,
  run: (context: RunContext, store: Store) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  const store = openStore(context.config, { applicationName: applicationName(context.task) });
  try {
    return await run(context, store);
  } finally {
    await store.close();
  }
}
