/**
 * `npm run test:year [-- --seed N --year 2019 --faults 30 --kills 10]`: a year of `daily` with faults of TuShare and
 * kill -9 of its supervisors, some three minutes. Prints the seed first and the numbers last; ends with exit code 1
 * and what it found when a row differs, a call was made twice without a reason, or too many were made.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../src/embedded/postgres.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { longRun } from '../support/long-run.ts';
import { realData } from '../support/real-data.ts';
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

await longRun('year', async ({ torn, folder, cache, say }) => {
  const seed = Number(values.seed);
  // recorded is 2019 alone
  const data = values.year === '2019' ? (realData ?? undefined) : undefined;
  say(`seed ${seed}, ${values.year} ${data ? 'as recorded' : 'of the generated market'}`);
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
});
