/** Durations come from here; decisions across processes come from Redis TIME. */

/** process.hrtime in ms: one clock for every thread of a process, never set back. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
