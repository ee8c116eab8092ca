/** A supervisor whose main thread stands still for 7 s at SIGUSR2, as in a loop that does not end; its threads run on. */
const BLOCKED_MS = 7_000;

process.on('SIGUSR2', () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, BLOCKED_MS);
});
await import('../../../src/bin/supervisor.ts');
