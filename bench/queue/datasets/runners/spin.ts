import type { RunOutcome } from '../../../../src/sync/context.ts';

/** Never ends, and never lets its event loop turn. */
export async function run(): Promise<RunOutcome> {
  while (true) {}
}
