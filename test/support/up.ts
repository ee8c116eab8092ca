/** `npm start` as a child of a test: started in a home of its own, read line by line, and never left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, startOf } from '../../bootstrap/lock.mjs';
import { lastRun, type Run } from '../../src/up/run-file.ts';
import type { Torn } from './torn.ts';

const UP = path.join(import.meta.dirname, '../../src/bin/up.ts');

export interface Up {
  process: ChildProcess;
  /** All it has printed so far. */
  text(): string;
  /** Resolves with the first line that matches, also an earlier one; rejects when it ends without. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves with exit code or signal. */
  ended: Promise<number | string>;
  /** What a Ctrl-C in its terminal does: SIGINT to its process group. */
  ctrlC(): void;
  /** What it has written into its run file. */
  run(): Run;
}

/** Starts it. @param env over an environment without settings of Dayline */
export function startUp(t: Torn, home: string, env: Record<string, string> = {}): Up {
  const cache = process.env.DAYLINE_TEST_CACHE;
  if (cache && !fs.existsSync(path.join(home, 'cache'))) fs.symlinkSync(cache, path.join(home, 'cache'));
  const child = spawn(process.execPath, [UP], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR, DAYLINE_HOME: home, PORT: '0', ...env },
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      for (const listener of listeners) listener();
    });
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'unknown');
      for (const listener of listeners) listener();
    }),
  );
  t.teardown(async () => {
    for (const { pid } of everythingOf(home)) process.kill(pid, 'SIGKILL');
    await gone(home);
  });
  return {
    process: child,
    ended,
    text: () => lines.join('\n'),
    line: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = lines.find((line) => pattern.test(line));
          if (found !== undefined) resolve(found);
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`up ended without ${pattern}:\n${lines.join('\n')}`));
          else return;
          listeners.delete(look);
        };
        listeners.add(look);
        look();
      }),
    ctrlC: () => process.kill(-(child.pid as number), 'SIGINT'),
    run() {
      const run = lastRun(home);
      if (!run) throw new Error('up has written no run file');
      return run;
    },
  };
}

/** Every process that works for this home: it has DAYLINE_HOME in its environment, or runs in a folder below. */
export function everythingOf(home: string) {
  const real = fs.realpathSync(home);
  return fs
    .readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        const cwd = fs.readlinkSync(`/proc/${pid}/cwd`);
        if (!environment.includes(`DAYLINE_HOME=${home}`) && !cwd.startsWith(`${real}/`)) return [];
        const command = fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return [{ pid: Number(pid), start: startOf(Number(pid)), command }];
      } catch {
        return []; // it has just ended
      }
    })
    .filter(isRunning);
}

/** Waits until nothing of it is left. There is no event for the end of someone else's child, so it looks. */
export async function gone(home: string, withinMs = 40_000): Promise<boolean> {
  for (let waited = 0; everythingOf(home).length > 0; waited += 50) {
    if (waited > withinMs) return false;
    await sleep(50);
  }
  return true;
}
