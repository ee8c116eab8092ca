/** Our programs as real child processes: what they print, and how they end. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Torn } from './torn.ts';

const ROOT = path.join(import.meta.dirname, '../..');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Program {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when stdout holds the text; rejects when the program ends without having printed it. */
  prints(text: RegExp): Promise<string>;
}

/** Starts src/bin/<file>. It sees only what `env` names, and PATH. */
export function program(t: Torn, file: string, args: string[], env: Record<string, string> = {}): Program {
  const child = spawn(process.execPath, [path.join(ROOT, 'src/bin', file), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      LANG: 'C.UTF-8',
      ...env,
    },
  });
  t.teardown(() => child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  const prints = (text: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => text.test(stdout) && resolve(stdout);
      listeners.add(look);
      look();
      ended.then(() => reject(new Error(`ended without printing ${text}:\n${stdout}${stderr}`)));
    });
  return { child, ended, prints };
}

/** Runs `dayline …` to its end. */
export function dayline(t: Torn, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return program(t, 'cli.ts', args, env).ended;
}
