/** Starts caller.ts as real processes, and ends each by its own pid. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Torn } from '../../support/torn.ts';

export interface CallerSettings {
  redisUrl: string;
  judgeUrl: string;
  limit: number;
  windowSeconds: number;
  inFlight: number;
  clockOffMs?: number;
  thinkMs?: number;
}

/** Resolves when the process has its window and starts to call. */
export async function startCaller(t: Torn, settings: CallerSettings): Promise<ChildProcess> {
  const child = fork(path.join(import.meta.dirname, 'caller.ts'), {
    env: {
      ...process.env,
      REDIS_URL: settings.redisUrl,
      JUDGE_URL: settings.judgeUrl,
      IN_FLIGHT: String(settings.inFlight),
      CLOCK_OFF_MS: String(settings.clockOffMs ?? 0),
      THINK_MS: String(settings.thinkMs ?? 0),
      TUSHARE_RATE_LIMIT_MAX_CALLS: String(settings.limit),
      TUSHARE_RATE_LIMIT_WINDOW_SECONDS: String(settings.windowSeconds),
      TUSHARE_HTTP_TIMEOUT_SECONDS: '1',
    },
  });
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  });
  await once(child, 'message');
  return child;
}
