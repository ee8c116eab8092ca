/**
 * `npm run test:querying`: the Python and R of docs/querying.md, as they stand there, with the packages that Debian
 * ships, unpacked into the cache (some 200 MB at the first run). Not in `npm test`, for their size.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { findPython } from '../../bench/ingest/python.ts';
import { privateApt } from '../../src/embedded/debian-archive.ts';
import { daylineHome } from '../../src/embedded/home.ts';
import { submit, until } from '../support/queue.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { read } from './support.ts';

const run = promisify(execFile);
const block = (language: string): string =>
  new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(read('docs/querying.md'))?.[1] ?? '';

t.test('Python and R', { timeout: 900_000 }, async (t) => {
  const { env, queue } = await startStack(t, {});
  await startSupervisor(t, env);
  const params = { start_date: '20261102', end_date: '20261113' };
  for (const [dataset, more] of [
    ['trade_cal', {}],
    ['stock_basic', {}],
    ['daily', { mode: 'history', params }],
    ['adj_factor', { mode: 'history', params }],
  ] as const)
    await until(queue, await submit(queue, dataset, more), ({ status }) => status === 'completed', 120_000);
  const DATABASE_URL = env.DATABASE_URL as string;

  const python = await findPython();
  t.comment(python.versions);
  const pandas = await run(python.binary, ['-c', block('python')], { env: { ...python.env, DATABASE_URL } });
  t.match(pandas.stdout, /^\(9, \d{4}\)\n$/, '10 days are 9 returns, of thousands of stocks');

  const r = await findR();
  const bars = await run(r.binary, [...r.args, '-e', block('r')], { env: { ...r.env, DATABASE_URL } });
  t.match(bars.stdout, /\[1\] 10 {2}6/, '10 rows of 6 columns');
});

/** R and RPostgreSQL, unpacked. */
async function findR() {
  const folder = path.join(daylineHome(process.env.DAYLINE_HOME ?? ''), 'cache', 'debian-r');
  if (!fs.existsSync(folder)) {
    const work = fs.mkdtempSync(`${folder}.`);
    const apt = await privateApt(work);
    await apt.unpack(await apt.lacking(['r-base-core', 'r-cran-rpostgresql']), path.join(work, 'root'));
    fs.renameSync(path.join(work, 'root'), folder);
    fs.rmSync(work, { recursive: true, force: true });
  }
  const lib = path.join(folder, 'usr/lib');
  const triplet = fs.readdirSync(lib).find((name) => name.endsWith('-linux-gnu')) ?? '';
  const libraries = ['', 'blas', 'lapack'].map((part) => path.join(lib, triplet, part));
  const home = path.join(lib, 'R');
  return {
    binary: path.join(home, 'bin/exec/R'),
    args: ['--no-echo', '--no-restore', '--no-init-file', '--no-environ'],
    env: {
      PATH: process.env.PATH ?? '',
      R_HOME: home,
      EDITOR: 'vi', // R's own Renviron, which sets it, looks below /etc
      R_LIBS: [path.join(home, 'library'), path.join(lib, 'R/site-library')].join(':'),
      LD_LIBRARY_PATH: [path.join(home, 'lib'), ...libraries].join(':'),
    },
  };
}
