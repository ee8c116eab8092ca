/**
 * A supervisor whose main thread stands still from SIGUSR2 until the file BLOCKED_WHILE is gone, as in a loop that does
 * not end; its threads run on.
 */
import fs from 'node:fs';

const LOOK_EVERY_MS = 10;
/** Whatever becomes of whoever made the file. */
const AT_MOST_MS = 60_000;

process.on('SIGUSR2', () => {
  const cell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const end = performance.now() + AT_MOST_MS;
  while (fs.existsSync(process.env.BLOCKED_WHILE as string) && performance.now() < end)
    Atomics.wait(cell, 0, 0, LOOK_EVERY_MS);
});
await import('../../../src/bin/supervisor.ts');
