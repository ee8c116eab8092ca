/** The environment of worker threads: a fresh one reads its modules compiled and stripped of their types. */
import path from 'node:path';
import type { Config } from '../config.ts';
import { daylineHome } from '../embedded/home.ts';

/** Ours, and where Node keeps what it compiled (docs/performance.md). A folder that can't be had costs only time. */
export function threadEnvironment(config: Config): NodeJS.ProcessEnv {
  // Never a folder that others may write to: what it holds is run.
  const folder = path.join(daylineHome(config.DAYLINE_HOME), 'cache', 'threads');
  return { NODE_COMPILE_CACHE: folder, ...process.env };
}
