/** What a long run outside tap needs (`npm run test:faults`, `test:year`, `test:window`): a folder of its own, and an end without remains. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { daylineHome, makeWalkable } from '../../src/embedded/home.ts';
import { endLeftoversBelow } from '../../src/embedded/server-process.ts';
import type { Torn } from './torn.ts';

export interface LongRun {
  readonly torn: Torn;
  /** Empty, and gone when the run has ended. */
  readonly folder: string;
  /** Of Dayline: what was fetched once and for all. */
  readonly cache: string;
  /** Prints a line with the time of day (UTC). */
  say(line: string): void;
}

/**
 * Runs, cleans up whatever happens, a signal too, and sets the exit code of the process.
 * @param name of the folder. @param run to its exit code
 */
export async function longRun(name: string, run: (parts: LongRun) => Promise<number>): Promise<void> {
  const folder = makeWalkable(fs.mkdtempSync(path.join(os.tmpdir(), `dayline-${name}-`)));
  process.env.DAYLINE_TEST_FOLDER = folder;
  const cache = path.join(makeWalkable(daylineHome(process.env.DAYLINE_HOME ?? '')), 'cache');
  const cleanings: (() => unknown)[] = [];
  const cleanUp = async () => {
    for (const clean of cleanings.splice(0)) await clean();
    await endLeftoversBelow(folder, /^(redis|valkey|postgres)/);
    fs.rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => cleanUp().finally(() => process.exit(130)));
  try {
    process.exitCode = await run({
      torn: { teardown: (clean) => cleanings.unshift(clean) },
      folder,
      cache,
      say: (line) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`),
    });
  } finally {
    await cleanUp();
  }
}
