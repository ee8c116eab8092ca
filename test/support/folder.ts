/** A folder of its own for a test, below the folder of the run, which the runner removes whatever happens. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeWalkable } from '../../src/embedded/home.ts';
import type { Torn } from './torn.ts';

/** @param name may hold spaces, to see that paths are quoted everywhere */
export function freshFolder(t: Torn, name = 'test'): string {
  const folder = fs.mkdtempSync(path.join(process.env.DAYLINE_TEST_FOLDER ?? os.tmpdir(), `${name}-`));
  t.teardown(() => fs.rmSync(folder, { recursive: true, force: true }));
  return makeWalkable(folder);
}
