/**
 * `npm run test:year [-- --seed N --year 2019 --faults 30 --kills 10]`: a year of `daily` with faults of TuShare and
 * kill -9 of its supervisors, some three minutes. Prints the seed first and the numbers last; ends with exit code 1
 * and what it found when a row differs, a call was made twice without a reason, or too many were made.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { daylineHome, makeWalkable } from '../../src/embedded/home.ts';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { endLeftoversBelow } from '../../src/embedded/server-process.ts';
import { realData } from '../support/real-data.ts';
import type { Torn } from '../support/torn.ts';
import { faultedRun } from './support/faulted-run.ts';
import { judge } from './support/judge.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: process.env.YEAR_SEED ?? String(Math.floor(Math.random() * 2 ** 31)) },
    year: { type: 'string', default: '2019' },
    faults: { type: 'string', default: '30' },
    kills: { type: 'string', default: '10' },
  },
});

const folder = makeWalkable(fs.mkdtempSync(path.join(os.tmpdir(), 'dayline-year-')));
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
  process.exitCode = await run();
} finally {
  await cleanUp();
}

/** @returns the exit code */
async function run(): Promise<number> {
  const say = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const seed = Number(values.seed);
  // recorded is 2019 alone
  const data = values.year === '2019' ? (realData ?? undefined) : undefined;
  say(`seed ${seed}, ${values.year} ${data ? 'as recorded' : 'of the generated market'}`);
  const cache = path.join(makeWalkable(daylineHome(process.env.DAYLINE_HOME ?? '')), 'cache');
  process.env.DAYLINE_TEST_REDIS = JSON.stringify(await findRedis(cache, console.log));
  const postgres = await startPostgres({
    home: path.join(folder, 'home'),
    cache,
    settings: { fsync: 'off' },
  });
  torn.teardown(() => postgres.stop());
  process.env.DAYLINE_TEST_POSTGRES = postgres.url;
  const { findings, numbers } = await judge(
    await faultedRun(torn, {
      seed,
      start_date: `${values.year}0101`,
      end_date: `${values.year}1231`,
      faults: Number(values.faults),
      kills: Number(values.kills),
      latency_ms: 800,
      batch_size: 50,
      data,
      say,
    }),
  );
  console.log(findings.length === 0 ? 'ok' : `NOT OK\n${findings.slice(0, 40).join('\n')}`);
  console.log(JSON.stringify({ seed, ...numbers }));
  return findings.length === 0 ? 0 : 1;
}
