/** Looks at something again and again until it has ended, and outlives short absences of web and Redis. */
import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from './client.ts';
import { say } from './language.ts';

/** Between two looks. */
const LOOK_EVERY_MS = 500;
/** How long the web process or Redis may be away before watching gives up. */
const PATIENCE_MS = 60_000;
/** Codes that may pass by themselves while somebody watches. */
const MAY_PASS = new Set(['WEB_UNREACHABLE', 'WEB_TIMEOUT', 'QUEUE_UNAVAILABLE', 'INTERNAL_SERVER_ERROR']);

/** Statuses of tasks and executions that are final. */
const FINAL = new Set(['completed', 'failed', 'cancelled']);

export interface Screen<Seen> {
  show(seen: Seen): void;
  trouble(message: string): void;
  /** Twice is harmless. */
  end(): void;
}

/**
 * Follows it on the screen. Ctrl-C ends the watching, not the work: the process then exits with 130.
 * @param id what `dayline watch` takes to look again
 * @param interrupted given by a caller that handles Ctrl-C itself: ends the watching, rejecting with its reason
 * @returns it as it ended
 * @throws CliError when it is unknown, or Dayline isn't there at first or stays away for a minute
 */
export async function follow<Seen extends { status: string }>(
  id: string,
  look: () => Promise<Seen>,
  screen: Screen<Seen>,
  interrupted?: AbortSignal,
): Promise<Seen> {
  const onInterrupt = () => {
    screen.end();
    console.log(
      say(
        `Stopped watching; the task goes on. Look again with \`npx dayline watch ${id}\`.`,
        `已停止查看，任务仍在继续。再次查看：\`npx dayline watch ${id}\`。`,
      ),
    );
    process.exit(130);
  };
  if (!interrupted) process.on('SIGINT', onInterrupt);
  try {
    return await untilEnded(look, screen, interrupted);
  } finally {
    screen.end();
    process.off('SIGINT', onInterrupt);
  }
}

async function untilEnded<Seen extends { status: string }>(
  look: () => Promise<Seen>,
  screen: Screen<Seen>,
  interrupted?: AbortSignal,
): Promise<Seen> {
  let seenAt: number | undefined;
  for (;;) {
    interrupted?.throwIfAborted();
    try {
      const seen = await look();
      seenAt = performance.now();
      screen.show(seen);
      if (FINAL.has(seen.status)) return seen;
    } catch (error) {
      const passing = error instanceof CliError && MAY_PASS.has(error.code);
      // never seen at all: there is nothing to wait for
      if (!passing || seenAt === undefined || performance.now() - seenAt > PATIENCE_MS) throw error;
      screen.trouble(error.message);
    }
    await pause(LOOK_EVERY_MS, undefined, interrupted && { signal: interrupted });
  }
}

/** One line for everything that differs by its mark, so that a log file stays readable. */
export function lineScreen<Seen>(
  markOf: (seen: Seen) => string,
  lineOf: (seen: Seen) => string,
): Screen<Seen> {
  let last = '';
  const say = (mark: string, line: () => string) => {
    if (mark !== last) console.log(line());
    last = mark;
  };
  return {
    show: (seen) => say(markOf(seen), () => lineOf(seen)),
    trouble: (message) => say(message, () => message),
    end() {},
  };
}
