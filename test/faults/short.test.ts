/** The short form of the fault suite; `npm run test:faults` is the full one. FAULTS_SEED replays a run. */
import t from 'tap';
import { anySeed, faultRun } from './support/fault-run.ts';
import { numbersOf, troubleOf } from './support/report.ts';

const FAULTS = 17;

t.test('sixty tasks over three supervisors survive seventeen faults', { timeout: 180_000 }, async (t) => {
  const run = await faultRun(t, {
    seed: Number(process.env.FAULTS_SEED || anySeed()),
    tasks: 60,
    faults: FAULTS,
    gap_ms: 400,
    step_ms: 80,
    drain_ms: 40_000,
    appendfsync: 'always',
    binary: JSON.parse(process.env.DAYLINE_TEST_REDIS as string),
    cache: process.env.DAYLINE_TEST_CACHE as string,
    say: (line) => t.comment(line),
  });
  t.comment(numbersOf(run));
  const trouble = troubleOf(run);
  if (trouble) console.error(trouble);
  for (const [check, findings] of run.findings) t.strictSame(findings, [], check);
  t.equal(run.timeline.length, FAULTS, 'every fault struck');
});
