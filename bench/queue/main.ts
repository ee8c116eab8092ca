/**
 * `npm run bench:queue [-- --axis name …]`: the queue and the supervisors against BullMQ, in one run on one Redis
 * with an append-only file. One JSON line a figure; all axes take less than 10 minutes. docs/performance.md reads
 * them. Exit code 1 when an axis could not be measured; a target that is missed is a figure and not a failure.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { startBench } from './bench.ts';
import { installPeers } from './install.ts';

/** No axis takes longer: one that does is broken. */
const AXIS_WITHIN_MS = 150_000;

installPeers();
const { AXES } = await import('./axes/index.ts');

const [option, ...named] = process.argv.slice(2);
const unknown = named.find((name) => !(name in AXES));
if ((option !== undefined && option !== '--axis') || unknown !== undefined) {
  console.error(`usage: bench:queue [-- --axis ${Object.keys(AXES).join('|')} …]`);
  process.exit(2);
}

const bench = await startBench();
let failed = false;
for (const name of named.length > 0 ? named : Object.keys(AXES)) {
  try {
    await Promise.race([AXES[name]?.(bench), tooLate()]);
  } catch (error) {
    failed = true;
    console.error(`${name} could not be measured:`, error);
  }
  await bench.clear();
}
await bench.stop();
// connections of an axis that failed would keep the process alive
process.exit(failed ? 1 : 0);

async function tooLate(): Promise<never> {
  await delay(AXIS_WITHIN_MS, undefined, { ref: false });
  throw new Error(`it took longer than ${AXIS_WITHIN_MS / 1000} s`);
}
