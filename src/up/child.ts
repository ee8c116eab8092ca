/** One of our processes as a child of `up`: its own process group, its log in a file, an IPC channel as its lifeline. */
import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startOf } from '../../bootstrap/lock.mjs';
import type { ReadyMessage } from '../bin/life.ts';
import { tailOf } from '../embedded/server-process.ts';
import type { RunningProcess } from './run-file.ts';

/** Longer than the 25 s a process gives itself. */
const STOP_LIMIT_MS = 27_000;
/** The keeper waits for the others, and gives Redis and Postgres 20 s each. */
export const KEEPER_STOP_LIMIT_MS = 75_000;
const READY_LIMIT_MS = 60_000;

/** A process of ours did not come up; the message ends with what it printed last. */
export class ChildFailed extends Error {
  override readonly name = 'ChildFailed';
}

export class Child {
  readonly name: string;
  readonly identity: RunningProcess;
  readonly process: ChildProcess;
  /** Resolves when it has ended, however. */
  readonly exited: Promise<void>;
  readonly #log: string;

  /**
   * Starts `src/bin/<name>.ts`. `detached` makes it the leader of its own group: a Ctrl-C in the terminal reaches
   * `up` alone, which passes it on in order.
   */
  constructor(name: string, logs: string, env: NodeJS.ProcessEnv) {
    this.name = name;
    this.#log = path.join(logs, `${name}.log`);
    const log = fs.openSync(this.#log, 'a', 0o600);
    this.process = fork(path.join(import.meta.dirname, `../bin/${name}.ts`), {
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
      env,
    });
    fs.closeSync(log);
    this.exited = new Promise((resolve) => {
      this.process.once('exit', () => resolve());
      this.process.once('error', () => resolve());
    });
    const pid = this.process.pid ?? 0;
    this.identity = { name, pid, start: startOf(pid) };
  }

  get running(): boolean {
    return (
      this.process.pid !== undefined && this.process.exitCode === null && this.process.signalCode === null
    );
  }

  /** Resolves with the address it listens on, if any, when it says that it works. @throws ChildFailed */
  async ready(): Promise<string | null> {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => limit.reject(this.#failure(`is not ready after ${READY_LIMIT_MS / 1000} s`)),
      READY_LIMIT_MS,
    );
    const message = new Promise<ReadyMessage>((resolve) => {
      this.process.on('message', (got: ReadyMessage) => got.type === 'ready' && resolve(got));
    });
    const ended = this.exited.then(() => {
      throw this.#failure('ended while starting');
    });
    try {
      return (await Promise.race([message, ended, limit.promise])).url;
    } finally {
      clearTimeout(timer);
    }
  }

  /** SIGTERM, and SIGKILL to its whole group when it is still there after the limit. Resolves when it has ended. */
  async stop(limitMs = STOP_LIMIT_MS): Promise<void> {
    if (!this.running) return;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), limitMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** Ends it and everything in its group at once. */
  kill(): void {
    if (this.running) process.kill(-this.identity.pid, 'SIGKILL');
  }

  /** What it printed last: its own complaint with a little of the stack, if there is one. */
  get lastWords(): string {
    const lines = tailOf(this.#log, 20).split('\n');
    const complaint = lines.findLastIndex((line) => line.startsWith(`${this.name}: `));
    return (complaint < 0 ? lines.slice(-8) : lines.slice(complaint, complaint + 4)).join('\n');
  }

  #failure(what: string): ChildFailed {
    return new ChildFailed(`The ${this.name} process ${what}.\n${this.lastWords}`);
  }
}
