/**
 * `npm run test:faults [-- --seed N --tasks N --faults N --appendfsync everysec]`: the full fault suite, some twelve minutes. Prints the seed
 * first and the numbers last; ends with exit code 1 and all that is known when something must not be as it is.
 */
import { parseArgs } from 'node:util';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { longRun } from '../support/long-run.ts';
import { anySeed, type FaultRun, faultRun } from './support/fault-run.ts';
import { numbersOf, troubleOf } from './support/report.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: process.env.FAULTS_SEED || String(anySeed()) },
    tasks: { type: 'string', default: '1000' },
    faults: { type: 'string', default: '228' },
    appendfsync: { type: 'string', default: 'always' },
  },
});

await longRun('faults', async ({ torn, cache, say }) =>
  report(
    await faultRun(torn, {
      seed: Number(values.seed),
      tasks: Number(values.tasks),
      faults: Number(values.faults),
      gap_ms: 2_200,
      step_ms: 800,
      drain_ms: 120_000,
      appendfsync: values.appendfsync === 'everysec' ? 'everysec' : 'always',
      binary: await findRedis(cache, console.log),
      cache,
      say,
    }),
  ),
);

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
