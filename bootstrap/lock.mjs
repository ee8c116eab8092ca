/**
 * A lock between processes on one machine, made of a directory: plain JavaScript for Node 20, since it guards
 * `npm ci`, which brings Node 24 in the first place.
 *
 * The directory holds one file named after its owner. A new lock is built beside and renamed into place: that
 * succeeds when the place is free or an EMPTY directory, and for one process only. So a dead owner's lock is
 * taken over by unlinking the file with that owner's name (which can't hit a newer owner) and renaming again.
 */
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** When a process was started, in ticks since boot; a pid alone may have been given to another one. '' = not running. */
export function startOf(pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the fields after the last ')' are state (3) … starttime (22)
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? '' : (fields[19] ?? '');
  } catch {
    if (fs.existsSync('/proc/self/stat')) return '';
  }
  try {
    process.kill(pid, 0);
    return '0'; // no /proc here (macOS): alive is all that is known
  } catch (error) {
    return error.code === 'EPERM' ? '0' : '';
  }
}

/** Whether the very process that had this pid and start is still running. */
export function isRunning({ pid, start }) {
  const now = startOf(pid);
  return now !== '' && now === start;
}

function ownerIn(directory) {
  try {
    const name = fs.readdirSync(directory)[0];
    const [, pid, start] = /^(\d+)-(\d+)$/.exec(name ?? '') ?? [];
    return name && pid ? { name, pid: Number(pid), start } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock if it is free or its owner is dead.
 * @param {string} directory the lock's path; its parent must exist
 * @returns {{ release(): void } | { heldBy: number }} the lock, or the pid of the process that has it
 */
export function tryLock(directory) {
  const mine = `${process.pid}-${startOf(process.pid)}`;
  const built = fs.mkdtempSync(`${directory}.`);
  fs.writeFileSync(path.join(built, mine), '');
  for (;;) {
    try {
      fs.renameSync(built, directory);
      break;
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
    const owner = ownerIn(directory);
    if (owner && isRunning(owner)) {
      fs.rmSync(built, { recursive: true });
      return { heldBy: owner.pid };
    }
    if (owner) fs.rmSync(path.join(directory, owner.name), { force: true });
  }
  return {
    release() {
      fs.rmSync(path.join(directory, mine), { force: true });
      try {
        fs.rmdirSync(directory);
      } catch (error) {
        // someone else has it already
        if (error.code !== 'ENOTEMPTY' && error.code !== 'ENOENT') throw error;
      }
    },
  };
}

/**
 * Waits until the lock is free and takes it.
 * @param {string} directory
 * @param {{ onWait?: (pid: number) => void, pollMs?: number }} [options] onWait is called once, with the owner's pid
 */
export async function lock(directory, { onWait, pollMs = 100 } = {}) {
  for (let waited = false; ; waited = true) {
    const taken = tryLock(directory);
    if ('release' in taken) return taken;
    if (!waited) onWait?.(taken.heldBy);
    await sleep(pollMs);
  }
}
