/**
 * <DAYLINE_HOME>/run.json: what `npm start` has running now. The CLI finds the web process by it, and the next start
 * finds what an earlier one that was killed has left.
 */
import fs from 'node:fs';
import path from 'node:path';
import { isRunning, type ProcessIdentity } from '../../bootstrap/lock.mjs';

export interface RunningProcess extends ProcessIdentity {
  name: string;
}

export interface Run {
  /** The `up` process itself. */
  up: ProcessIdentity;
  /** UTC. */
  started_at: string;
  /** Null until the web process answers. */
  web: string | null;
  /** With their passwords, which is why the file has mode 0600. */
  database_url: string;
  redis_url: string;
  /** Every process that `up` or its keeper has started. */
  processes: RunningProcess[];
}

const fileIn = (home: string) => path.join(home, 'run.json');

/** Writes it whole or not at all, readable for its owner alone. */
export function writeRun(home: string, run: Run): void {
  const draft = `${fileIn(home)}.${process.pid}`;
  fs.writeFileSync(draft, JSON.stringify(run, null, 2), { mode: 0o600 });
  fs.renameSync(draft, fileIn(home));
}

/** What was written last, by a run that may have ended without removing it; undefined when there is none. */
export function lastRun(home: string): Run | undefined {
  try {
    return JSON.parse(fs.readFileSync(fileIn(home), 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The run whose `up` is alive; undefined when Dayline isn't running from this home. */
export function presentRun(home: string): Run | undefined {
  const run = lastRun(home);
  return run && isRunning(run.up) ? run : undefined;
}

export function removeRun(home: string): void {
  fs.rmSync(fileIn(home), { force: true });
}
