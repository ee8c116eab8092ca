/** One `npm start` at a time from one DAYLINE_HOME, and none on top of what a killed one has left running. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type HeldLock, isRunning, tryLock } from '../../bootstrap/lock.mjs';
import { lastRun, presentRun, type Run, removeRun } from './run-file.ts';

/** The keeper of a killed run waits up to 30 s for its processes, then ends Redis and Postgres. */
const LEFTOVERS_LIMIT_MS = 75_000;

/**
 * Takes the home for this process; waits for one that is just starting or stopping.
 * @returns the lock, or the run that has the home
 */
export async function takeHome(
  home: string,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<HeldLock | Run> {
  for (let waited = false; ; waited = true) {
    const taken = tryLock(path.join(home, 'up.lock'));
    if ('release' in taken) return taken;
    const run = presentRun(home);
    if (run?.web) return run;
    if (!waited)
      say(`Another Dayline (process ${taken.heldBy}) is starting or stopping here; waiting for it …`);
    await sleep(200, undefined, { signal: interrupted });
  }
}

/** Waits until everything an earlier, killed run has left is gone; what stays too long is ended. */
export async function awaitLeftovers(
  home: string,
  say: (line: string) => void,
  interrupted: AbortSignal,
): Promise<void> {
  const left = (lastRun(home)?.processes ?? []).filter(isRunning);
  if (left.length > 0)
    say(`An earlier start was killed; waiting for its ${left.map(({ name }) => name).join(', ')} to end …`);
  const orphans = left.some(({ name }) => name === 'keeper') ? left : left.filter(isOurs);
  // without a keeper nobody ends Redis and Postgres: starting them again does
  const deadline = performance.now() + LEFTOVERS_LIMIT_MS;
  while (orphans.some(isRunning) && performance.now() < deadline)
    await sleep(50, undefined, { signal: interrupted });
  for (const { pid } of orphans.filter(isRunning)) process.kill(-pid, 'SIGKILL');
  removeRun(home);
}

const isOurs = ({ name }: { name: string }) => name !== 'redis' && name !== 'postgres';
