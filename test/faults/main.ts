/**
 * `npm run test:faults [-- --seed N --tasks N --faults N --appendfsync everysec]`: the full fault suite, some ten minutes. Prints the seed
 * first and the numbers last; ends with exit code 1 and all that is known when something must not be as it is.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { daylineHome, makeWalkable } from '../../src/embedded/home.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { endLeftoversBelow } from '../../src/embedded/server-process.ts';
import type { Torn } from '../support/torn.ts';
import { anySeed, type FaultRun, faultRun } from './support/fault-run.ts';
import { numbersOf, troubleOf } from './support/report.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: process.env.FAULTS_SEED || String(anySeed()) },
    tasks: { type: 'string', default: '1000' },
    faults: { type: 'string', default: '204' },
    appendfsync: { type: 'string', default: 'always' },
  },
});

const folder = makeWalkable(fs.mkdtempSync(path.join(os.tmpdir(), 'dayline-faults-')));
process.env.DAYLINE_TEST_FOLDER = folder;
const cleanings: (() => unknown)[] = [];
const torn: Torn = { teardown: (clean) => cleanings.unshift(clean) };
const cleanUp = async () => {
  for (const clean of cleanings.splice(0)) await clean();
  await endLeftoversBelow(folder, /^(redis|valkey|postgres)/);
  fs.rmSync(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => cleanUp().finally(() => process.exit(130)));

try {
  process.exitCode = report(await run());
} finally {
  await cleanUp();
}

async function run(): Promise<FaultRun> {
  const cache = path.join(makeWalkable(daylineHome(process.env.DAYLINE_HOME ?? '')), 'cache');
  return faultRun(torn, {
    seed: Number(values.seed),
    tasks: Number(values.tasks),
    faults: Number(values.faults),
    gap_ms: 2_200,
    step_ms: 800,
    drain_ms: 180_000,
    appendfsync: values.appendfsync === 'everysec' ? 'everysec' : 'always',
    binary: await findRedis(cache, console.log),
    cache,
    say: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
  });
}

/** @returns the exit code. */
function report(run: FaultRun): number {
  for (const [check, findings] of run.findings) {
    console.log(`${findings.length === 0 ? 'ok    ' : 'NOT OK'} ${check}`);
  }
  const trouble = troubleOf(run);
  if (trouble) console.log(`\n${trouble}\n`);
  console.log(numbersOf(run));
  return trouble ? 1 : 0;
}
