/** The finance jobs in this thread; see src/sync/finance.ts. */
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { runFinance } from '../src/sync/finance.ts';
import { withStore } from './sync-task.ts';

export const run = (context: RunContext): Promise<RunOutcome> => withStore(context, runFinance);
