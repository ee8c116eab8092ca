/** `npm run test:api-fuzz`: 20,000 requests and more (API_FUZZ_REQUESTS); API_FUZZ_SEED repeats a run. */
import { spawn } from 'node:child_process';
import path from 'node:path';

const ROOT = path.join(import.meta.dirname, '../../..');
const child = spawn(
  process.execPath,
  ['test/run.ts', '-R', 'tap', '--timeout', '1200', 'test/api/fuzz.test.ts'],
  {
    cwd: ROOT,
    stdio: 'inherit',
    env: { API_FUZZ_REQUESTS: '20000', ...process.env },
  },
);
child.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
