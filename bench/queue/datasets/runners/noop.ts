import type { RunOutcome } from '../../../../src/sync/context.ts';

/** Does nothing but say when its first line ran: µs of the monotonic clock, as its records. */
export async function run(): Promise<RunOutcome> {
  return { kind: 'completed', records_processed: Number(process.hrtime.bigint() / 1000n) };
}
