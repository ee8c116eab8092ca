/** A server we run as a child: in its own process group, so that a Ctrl-C in the terminal doesn't reach it. */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, startOf } from '../../bootstrap/lock.mjs';
import { EmbeddedError } from './embedded-error.ts';
import type { Account } from './home.ts';

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly exited: Promise<void>;
  running(): boolean;
  /** Sends `gentle`, and SIGKILL when the process is still there after `graceMs`; resolves when it has ended. */
  stop(gentle: NodeJS.Signals, graceMs: number): Promise<void>;
}

/** A server of ours that answers: Redis or Postgres. */
export interface EmbeddedServer extends Pick<ServerProcess, 'pid' | 'exited' | 'running'> {
  /** Where it is, with its password. */
  readonly url: string;
  readonly port: number;
  /** Ends it in good order: what was acknowledged or committed is on disk. Twice is harmless. */
  stop(): Promise<void>;
}

export interface ServerCommand {
  file: string;
  args: string[];
  cwd: string;
  /** What the server prints is appended here. */
  log: string;
  env?: Record<string, string>;
  account?: Account | undefined;
}

/** Starts a server. Whether it works is the caller's to find out. @throws EmbeddedError when it can't be executed. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const log = fs.openSync(command.log, 'a', 0o600);
  const child = spawn(command.file, command.args, {
    cwd: command.cwd,
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC', ...command.env },
    ...command.account,
  });
  fs.closeSync(log);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new EmbeddedError(`${path.basename(command.file)} can't be executed.`, { cause })),
    );
  });
  const pid = child.pid as number;
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const running = () => child.exitCode === null && child.signalCode === null;
  return {
    pid,
    exited,
    running,
    async stop(gentle, graceMs) {
      if (!running()) return;
      child.kill(gentle);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** The last lines a server has printed, to be shown when it doesn't come up. */
export function tailOf(log: string, lines = 5): string {
  try {
    return fs.readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}

/**
 * Ends servers that an earlier run left behind (everything killed with -9): processes with this name whose
 * working directory is `directory`. Found through /proc; a pid file may name another process by now.
 */
export function endLeftovers(directory: string, name: RegExp, gentle: NodeJS.Signals): Promise<void> {
  return end(
    serversIn(directory, name, (cwd, real) => cwd === real),
    gentle,
  );
}

/** The same for every server whose working directory lies below `directory`, at once and without ceremony. */
export function endLeftoversBelow(directory: string, name: RegExp): Promise<void> {
  return end(
    serversIn(directory, name, (cwd, real) => cwd.startsWith(`${real}/`)),
    'SIGKILL',
  );
}

async function end(leftovers: ProcessIdentity[], gentle: NodeJS.Signals): Promise<void> {
  for (const { pid } of leftovers) signal(pid, gentle);
  for (let waited = 0; leftovers.some(isRunning); waited += 20) {
    if (waited > 15_000) for (const { pid } of leftovers.filter(isRunning)) signal(pid, 'SIGKILL');
    await sleep(20);
  }
}

function serversIn(directory: string, name: RegExp, isThere: (cwd: string, real: string) => boolean) {
  if (!fs.existsSync('/proc/self/stat') || !fs.existsSync(directory)) return [];
  const real = fs.realpathSync(directory);
  return fs
    .readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .filter((pid) => {
      try {
        const cwd = fs.readlinkSync(`/proc/${pid}/cwd`);
        return isThere(cwd, real) && name.test(fs.readFileSync(`/proc/${pid}/comm`, 'utf8'));
      } catch {
        return false; // it has just ended, or belongs to someone else
      }
    })
    .map((pid) => ({ pid: Number(pid), start: startOf(Number(pid)) }));
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
