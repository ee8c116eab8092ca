/**
 * The life of one of our processes (web, supervisor, simulator): started, told to stop by a signal or by the end of
 * the `up` that started it, and gone after 25 s at the latest, before a dyno manager's 30 s are over.
 */
import { inspect } from 'node:util';
import { ConfigError } from '../errors.ts';

/** What a process is made of once it works. */
export interface Running {
  /** Where it listens, if it does: told to `up`. */
  url?: string;
  /** Ends the work in good order and frees what is held. Called once. */
  stop(): Promise<void>;
}

/** What a child tells `up` when it works. */
export interface ReadyMessage {
  type: 'ready';
  url: string | null;
}

export const STOP_LIMIT_MS = 25_000;
/** One that is told to stop while it starts holds nothing yet: it gets this long to come to its end. */
const STARTING_LIMIT_MS = 2_000;
/** A terminal and npm both pass a Ctrl-C on, so the second signal counts only when it comes later than this. */
const SECOND_SIGNAL_AFTER_MS = 2_000;

/**
 * Runs a process until it is told to stop: SIGTERM, SIGINT, SIGHUP, or its parent's IPC channel closing (which is
 * how it learns that `up` was killed). The exit code is 0 after a good stop; 1 when start or stop failed or an error
 * was left unhandled. It ends by SIGKILL when the stop took longer than 25 s or a second signal asked for it.
 * @param name stands before what is printed
 * @param start resolves when the process works
 */
export async function runProcess(name: string, start: () => Promise<Running>): Promise<void> {
  const complain = (what: string, error: unknown) => console.error(`${name}: ${what}: ${explain(error)}`);
  process.on('uncaughtException', (error) => {
    complain('ended by an error that nobody handled', error);
    process.exit(1);
  });
  // made before start is called: a signal may arrive while it starts
  const begun = Promise.withResolvers<Running>();

  let stoppingSince: number | undefined;
  const stop = async (reason: string) => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SECOND_SIGNAL_AFTER_MS && reason !== 'disconnect') die();
      return;
    }
    stoppingSince = performance.now();
    setTimeout(() => {
      console.error(`${name}: did not stop within ${STOP_LIMIT_MS / 1000} s, ending it`);
      die();
    }, STOP_LIMIT_MS);
    const notYet = setTimeout(() => process.exit(0), STARTING_LIMIT_MS);
    try {
      const running = await begun.promise;
      clearTimeout(notYet);
      await running.stop();
      process.exit(0);
    } catch (error) {
      complain('could not stop in good order', error);
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  process.once('disconnect', () => void stop('disconnect'));
  // the parent may have gone while our modules were loaded
  if (process.send && !process.connected) process.exit(0);

  try {
    const running = await start();
    begun.resolve(running);
    const ready: ReadyMessage = { type: 'ready', url: running.url ?? null };
    if (process.connected) process.send?.(ready, () => {}); // a parent that has just gone shows as 'disconnect'
  } catch (error) {
    complain('could not start', error);
    process.exit(1);
  }
}

/** Ends this process now. process.exit() would first wait for a thread that sits in a native call (measured: 8 s). */
function die(): void {
  process.kill(process.pid, 'SIGKILL');
}

/** A setting is the operator's to mend, so one line will do; anything else is ours and comes with its stack. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : inspect(error);
}
