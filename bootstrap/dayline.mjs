#!/usr/bin/env node
/** `dayline …` under whatever Node it is called with: hands over to src/bin/cli.ts under Node 24. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { findNode, root } from './node24.mjs';

const cli = path.join(root, 'src/bin/cli.ts');

function handOver(node) {
  const child = spawn(node, [cli, ...process.argv.slice(2)], { stdio: 'inherit' });
  // a Ctrl-C reaches the child by itself; other signals are for us alone
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1);
  });
}

try {
  const node = findNode();
  if (node === process.execPath) await import('../src/bin/cli.ts');
  else handOver(node);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
