/** A task of the sync engine in this thread: its database connections are its own, and closed at its end. */
import { applicationName } from '../src/store/application-name.ts';
import { openStore } from '../src/store/store.ts';
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { runSync } from '../src/sync/run.ts';

export async function syncTask(context: RunContext): Promise<RunOutcome> {
  const store = openStore(context.config, { applicationName: applicationName(context.task) });
  try {
    return await runSync(context, store);
  } finally {
    await store.close();
  }
}
