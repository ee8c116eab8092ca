import { setTimeout as delay } from 'node:timers/promises';
import type { RunContext, RunOutcome } from '../../../../src/sync/context.ts';

/** Sleeps for params.ms. */
export async function run({ task }: RunContext): Promise<RunOutcome> {
  await delay(Number(task.params.ms));
  return { kind: 'completed', records_processed: 0 };
}
