import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { startOf, tryLock } from '../../bootstrap/lock.mjs';
import { freshFolder } from '../support/folder.ts';

const LOCK = path.join(import.meta.dirname, '../../bootstrap/lock.mjs');

/** Runs a script in a process of its own; resolves with its exit code. */
function node(script: string, ...args: string[]): Promise<number | null> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', resolve));
}

t.test('of many processes one at a time is in, also when the lock they find is stale', async (t) => {
  const folder = freshFolder(t, 'a lock');
  const lock = path.join(folder, 'lock');
  // left by a process that is dead: this pid is ours, but was started at another time
  fs.mkdirSync(lock);
  fs.writeFileSync(path.join(lock, `${process.pid}-1`), '');
  const script = `
    import fs from 'node:fs';
    import { lock } from ${JSON.stringify(LOCK)};
    const [directory, inside] = process.argv.slice(1);
    for (let i = 0; i < 5; i += 1) {
      const held = await lock(directory, { pollMs: 1 });
      fs.mkdirSync(inside); // fails when another one is in
      await new Promise((resolve) => setTimeout(resolve, 2));
      fs.rmdirSync(inside);
      held.release();
    }`;
  const codes = await Promise.all(
    Array.from({ length: 6 }, () => node(script, lock, path.join(folder, 'inside'))),
  );
  t.same(codes, [0, 0, 0, 0, 0, 0]);
  t.same(fs.readdirSync(folder), [], 'nothing is left lying about');
});

t.test('names the process that has it, and is free when that one is dead', async (t) => {
  const directory = path.join(freshFolder(t, 'a lock'), 'lock');
  const script = `
    import { tryLock } from ${JSON.stringify(LOCK)};
    tryLock(process.argv[1]);
    process.kill(process.pid, 'SIGKILL');`;
  await node(script, directory);
  const held = tryLock(directory);
  if (!('release' in held)) throw new Error('a dead process still has the lock');
  t.same(tryLock(directory), { heldBy: process.pid });
  held.release();
  held.release();
  t.notOk(fs.existsSync(directory));
});

t.test('a pid that was given to another process is told apart', (t) => {
  t.match(startOf(process.pid), /^\d+$/);
  t.equal(startOf(2 ** 22 + 1), '', 'no such process');
  t.end();
});
