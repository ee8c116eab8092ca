/**
 * `npm run bench:queue [-- --axis name …]`: the queue and the supervisors against BullMQ, in one run on one Redis
 * with an append-only file. One JSON line a figure, and one for an axis that could not be measured; all axes together
 * end within 14 minutes. docs/performance.md reads them. Exit code 1 when an axis could not be measured; a target that
 * is missed is a figure and not a failure.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startBench } from './bench.ts';
import { installPeers } from './install.ts';

/** No axis takes longer: one that does is broken. */
const AXIS_WITHIN_MS = 150_000;
/** A machine that is too busy for all of them gets as many as fit. */
const RUN_WITHIN_MS = 14 * 60_000;

class TooLate extends Error {}

installPeers();
const { AXES } = await import('./axes/index.ts');
const { nowMs, report } = await import('./measure.ts');

const [option, ...named] = process.argv.slice(2);
const unknown = named.find((name) => !(name in AXES));
if ((option !== undefined && option !== '--axis') || unknown !== undefined) {
  console.error(`usage: bench:queue [-- --axis ${Object.keys(AXES).join('|')} …]`);
  process.exit(2);
}

const bench = await startBench();
const runEnd = nowMs() + RUN_WITHIN_MS;
let failed = false;
/** An axis that took too long still works on the same Redis: what comes after it can't be measured. */
let stuck: string | undefined;
for (const name of named.length > 0 ? named : Object.keys(AXES)) {
  try {
    if (stuck) throw new Error(`${stuck} before it has not ended: run it alone`);
    const within = Math.min(AXIS_WITHIN_MS, runEnd - nowMs());
    await (within > 0 ? Promise.race([AXES[name]?.(bench), tooLate(within)]) : tooLate(0));
  } catch (error) {
    failed = true;
    if (error instanceof TooLate) stuck = name;
    console.error(`${name} could not be measured:`, error);
    report({ axis: name, ours: 'not measured', unit: '', ok: false, note: String(error) });
  }
  await bench.clear();
}
await bench.stop();
// connections of an axis that failed would keep the process alive
process.exit(failed ? 1 : 0);

async function tooLate(withinMs: number): Promise<never> {
  if (withinMs <= 0) throw new Error('no time was left for it');
  await delay(withinMs, undefined, { ref: false });
  throw new TooLate(`it took longer than ${Math.round(withinMs / 1000)} s`);
}
