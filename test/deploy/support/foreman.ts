/** Runs the process types of the Procfile as Heroku does: by a shell, with nothing but the application's settings. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { ROOT, read } from '../../docs/support.ts';
import type { Torn } from '../../support/torn.ts';

export interface Dyno {
  readonly pid: number;
  /** Everything it has printed so far. */
  printed(): string;
  /** Resolves when it has printed this; rejects when it ends before. */
  prints(text: RegExp): Promise<RegExpExecArray>;
  /** As Heroku stops one: SIGTERM, SIGKILL after 30 s. @returns exit code and signal */
  stop(): Promise<[code: number | null, signal: string | null]>;
  kill(): Promise<void>;
  readonly ended: Promise<[code: number | null, signal: string | null]>;
  /** Most memory it has ever had resident, in MB; Heroku counts that and swap against 512 MB. */
  mostMemoryMb(): number;
}

const KILL_AFTER_MS = 30_000;

/** The commands of the Procfile by process type. */
export function procfile(): Record<string, string> {
  return Object.fromEntries(
    read('Procfile')
      .trim()
      .split('\n')
      .map((line) => {
        const [, type = '', command = ''] = /^(\w+): (.+)$/.exec(line) ?? [];
        return [type, command];
      }),
  );
}

/** Starts one dyno. bash becomes the command, so that signals reach node itself. */
export function dyno(t: Torn, command: string, env: Record<string, string>): Dyno {
  const child = spawn('bash', ['-c', command], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Dyno['ended'];
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      child.emit('printed');
    });
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  t.teardown(kill);
  return {
    pid: child.pid as number,
    ended,
    kill,
    printed: () => text,
    prints: (wanted) => printed(child, ended, () => text, wanted),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      return ended.finally(() => clearTimeout(timer));
    },
    mostMemoryMb() {
      const status = fs.readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
    },
  };
}

async function printed(
  child: ChildProcess,
  ended: Dyno['ended'],
  text: () => string,
  wanted: RegExp,
): Promise<RegExpExecArray> {
  const gone = ended.then(() => {
    throw new Error(`it ended without having printed ${wanted}:\n${text()}`);
  });
  for (;;) {
    const found = wanted.exec(text());
    if (found) return found;
    await Promise.race([once(child, 'printed'), gone]);
  }
}
