/**
 * `npm run test:fuzz [-- --cases N --seed N]`: 20,000 hostile answers and transports. Prints the seed first; ends with
 * exit code 1 and the cases that did what they must not.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzz } from './run.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(randomInt(1, 2 ** 30)) },
  },
});
const [cases, seed] = [Number(values.cases), Number(values.seed)];
console.log(`seed ${seed}, ${cases} cases (again: npm run test:fuzz -- --seed ${seed} --cases ${cases})`);
const cleanings: (() => unknown)[] = [];
const began = performance.now();
const seconds = () => ((performance.now() - began) / 1000).toFixed(1);
const report = await fuzz({ teardown: (clean) => cleanings.unshift(clean) }, { cases, seed }, (done) => {
  if (done % 2_000 === 0) console.log(`${done} of ${cases}, ${seconds()} s`);
});
for (const clean of cleanings) await clean();
for (const [outcome, count] of Object.entries(report.outcomes).sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(7)}  ${outcome}`);
for (const failure of report.failures) console.log(`\nFAILED ${failure}`);
console.log(`\n${report.cases} cases in ${seconds()} s, ${report.failures.length} failures, seed ${seed}`);
process.exitCode = report.failures.length > 0 || report.cases < cases ? 1 : 0;
