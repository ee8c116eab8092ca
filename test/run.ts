/**
 * `npm test [-- files and tap options]`: one embedded Postgres and a Redis binary for the whole run, then tap, then
 * the line `N passed, N failed` with tap's own counts of assertions. Everything it makes lies in one temporary
 * folder, which goes at the end together with any server that a killed test has left in it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { daylineHome, makeWalkable } from '../src/embedded/home.ts';
import { startPostgres } from '../src/embedded/postgres.ts';
import { findRedis } from '../src/embedded/redis-binary.ts';
import { endLeftoversBelow } from '../src/embedded/server-process.ts';

const root = path.join(import.meta.dirname, '..');
let tap: ChildProcess | undefined;
let interrupted = false;
// a terminal tells tap as well; a second signal to tap would end it without its clean-up
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    interrupted = true;
    if (signal !== 'SIGINT') tap?.kill(signal);
  });

const folder = makeWalkable(fs.mkdtempSync(path.join(os.tmpdir(), 'dayline-test-')));
try {
  process.exitCode = await run(folder, process.argv.slice(2));
} finally {
  await endLeftoversBelow(folder, /^(redis|valkey|postgres)/);
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Runs tap with the servers. @returns the exit code of the run */
async function run(folder: string, args: string[]): Promise<number> {
  const cache = cacheFor(folder);
  const redis = await findRedis(cache, console.log);
  // a test run may be lost at a power cut, so it doesn't wait for the disk
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };
  const postgres = await startPostgres({ home: path.join(folder, 'home'), cache, settings });
  const results = path.join(folder, 'results.tap');
  const reporter = args.some((arg) => /^(-R|--reporter)/.test(arg))
    ? []
    : [`--reporter=${process.stdout.isTTY ? 'terse' : 'min'}`];
  try {
    if (interrupted) return 130;
    tap = spawn(
      process.execPath,
      [
        `--import=${new URL('support/plain-node.ts', import.meta.url)}`,
        path.join(root, 'node_modules/tap/dist/esm/run.mjs'),
        'run',
        ...reporter,
        '--output-file',
        results,
        ...args,
      ],
      {
        cwd: root,
        stdio: 'inherit',
        env: {
          ...process.env,
          TMPDIR: folder,
          // some 600 processes load the same modules; halves what each start costs
          NODE_COMPILE_CACHE: path.join(folder, 'compile-cache'),
          DAYLINE_TEST_FOLDER: folder,
          DAYLINE_TEST_CACHE: cache,
          DAYLINE_TEST_REDIS: JSON.stringify(redis),
          DAYLINE_TEST_POSTGRES: postgres.url,
        },
      },
    );
    const running = tap;
    const [code, signal] = await once(running, 'close');
    return report(results, code ?? 1, signal);
  } finally {
    await postgres.stop();
  }
}

/** Prints the counts. A run that ended badly or ran nothing counts as failed, whatever was counted. */
function report(results: string, code: number, signal: string | null): number {
  const text = fs.existsSync(results) ? fs.readFileSync(results, 'utf8') : '';
  const summary = [...text.matchAll(/^# \{ (total: .*) \}$/gm)].at(-1)?.[1] ?? '';
  const count = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0);
  const bad = code !== 0 || count('total') === 0;
  const failed = Math.max(count('fail'), bad ? 1 : 0);
  console.log(''); // tap's reporter ends with an escape sequence, and the counts stand on a line of their own
  const failures = text.match(/^ *not ok .*$/gm) ?? [];
  // why it failed stands beside the counts, innermost first, for whoever sees only the end of a log
  if (failures.length) console.log(`${failures.join('\n')}\n`);
  else if (bad) console.log(`tap ended with ${signal ?? `code ${code}`}, though no test failed\n`);
  if (count('skip') > 0) console.log(`${count('skip')} skipped`);
  console.log(`${count('pass')} passed, ${failed} failed`);
  return failed > 0 ? code || 1 : 0;
}

/** The cache that `npm start` uses too; where it can't be written, one for this run alone. */
function cacheFor(folder: string): string {
  const home = daylineHome(process.env.DAYLINE_HOME ?? '');
  try {
    const cache = path.join(makeWalkable(home), 'cache');
    fs.accessSync(makeWalkable(cache), fs.constants.W_OK);
    return cache;
  } catch {
    return path.join(folder, 'cache');
  }
}
