/**
 * Loaded into what starts test files (tap's runner, queue/cluster.test.ts): they are run by Node as they stand.
 *
 * tap would load three hooks into every test file and every program that inherits its environment: tsx (Node strips
 * the types itself), mocks (we have none) and what coverage needs (not measured). They rule out Node's compile cache
 * and cost a file 0.4 to 3 s of processor time, more than most tests do.
 */
import { type SpawnOptions, spawn } from 'node:child_process';
import { ProcessInfo } from '@tapjs/processinfo';

const isHook = (arg: string): boolean => /^--import=.*\/@tapjs\//.test(arg);

const spawnPlain = (command: string, args: string[], options: SpawnOptions) =>
  spawn(
    command,
    args.filter((arg) => !isHook(arg)),
    options,
  );

// a getter there, so it can't be assigned
Object.defineProperty(ProcessInfo, 'spawn', { value: spawnPlain });
