/** The concept job in this thread; see src/sync/concepts.ts. */
import { runConcepts } from '../src/sync/concepts.ts';
import type { RunContext, RunOutcome } from '../src/sync/context.ts';
import { withStore } from './sync-task.ts';

export const run = (context: RunContext): Promise<RunOutcome> => withStore(context, runConcepts);
