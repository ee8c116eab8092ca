/** A real supervisor process for a test. */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Torn } from './torn.ts';

const PROGRAM = fileURLToPath(new URL('../../src/bin/supervisor.ts', import.meta.url));
/** Datasets that spin, exit, hoard, … (test/fixtures/datasets). */
export const FIXTURE_DATASETS = fileURLToPath(new URL('../fixtures/datasets', import.meta.url));

/** The longest wait of a test for a line, in ms: tap would end the test file after 300 s without a word of why. */
const LOGGED_WITHIN_MS = 100_000;

export type LogLine = Record<string, unknown>;

export interface SupervisorProcess {
  readonly pid: number;
  /** Lines it has logged so far, parsed. */
  readonly log: LogLine[];
  /** Resolves with the first line, old or new, that is as wanted; rejects when none comes within 100 s. */
  logged(wanted: (line: LogLine) => boolean): Promise<LogLine>;
  /** What it has written to stderr so far. */
  complaint(): string;
  /** Resolves with exit code and signal when it has ended, however. */
  readonly gone: Promise<[code: number | null, signal: string | null]>;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts one and resolves when it takes tasks; killed when the test ends, if it still lives.
 * @param program another one than src/bin/supervisor.ts
 */
export async function startSupervisor(
  t: Torn,
  env: Record<string, string>,
  program = PROGRAM,
): Promise<SupervisorProcess> {
  const child = fork(program, {
    env: {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
      DATASETS_PATH: FIXTURE_DATASETS,
      LOG_LEVEL: 'info',
      ...env,
    },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const gone = once(child, 'exit') as Promise<[number | null, string | null]>;
  t.teardown(async () => {
    child.kill('SIGKILL');
    await gone;
  });
  const log: LogLine[] = [];
  const lines = collectLog(child, log);
  let complaint = '';
  child.stderr?.on('data', (chunk) => {
    complaint += chunk;
  });
  await Promise.race([
    once(child, 'message'),
    gone.then(([code]) => {
      throw new Error(`the supervisor ended at its start with code ${code}: ${complaint}`);
    }),
  ]);
  return {
    pid: child.pid as number,
    log,
    async logged(wanted) {
      const signal = AbortSignal.timeout(LOGGED_WITHIN_MS);
      for (;;) {
        const line = log.find(wanted);
        if (line) return line;
        await once(lines, 'line', { signal }).catch(() => {
          throw new Error(`not logged: ${wanted}; the last lines: ${JSON.stringify(log.slice(-5))}`);
        });
      }
    },
    complaint: () => complaint,
    gone,
    signal: (name) => child.kill(name),
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      return (await gone)[0];
    },
  };
}

/** @returns what emits 'line' after each one that was added */
function collectLog(child: ChildProcess, log: LogLine[]): EventEmitter {
  const lines = new EventEmitter();
  let rest = '';
  child.stdout?.on('data', (chunk) => {
    const whole = (rest + chunk).split('\n');
    rest = whole.pop() ?? '';
    for (const line of whole) {
      log.push(JSON.parse(line));
      lines.emit('line');
    }
  });
  return lines;
}
