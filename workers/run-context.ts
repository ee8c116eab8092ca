/** Builds what one run may use from the line to its supervisor; the TuShare client opens at the first call. */
import type { Config } from '../src/config.ts';
import { TaskError } from '../src/errors.ts';
import { permitsOfRun } from '../src/limits/interactive.ts';
import { PRIORITIES } from '../src/queue/task.ts';
import { secretHider } from '../src/redact.ts';
import type { Assignment } from '../src/supervisor/line.ts';
import type { RunContext } from '../src/sync/context.ts';
import { hasTushareToken } from '../src/token.ts';
import type { TushareClient } from '../src/tushare/client.ts';
import type { ThreadLine } from './thread-line.ts';

export interface OpenContext {
  readonly context: RunContext;
  /** Closes the connections to TuShare. */
  close(): void;
}

/** @param spoken bounds what a run says, and takes secrets and paths out of it: own datasets may say anything. */
export function openContext(
  assignment: Assignment,
  line: ThreadLine,
  config: Config,
  spoken: (text: string) => string,
): OpenContext {
  let client: Promise<TushareClient> | undefined;
  let opened: TushareClient | undefined;
  const context: RunContext = {
    task: assignment.task,
    supervisor_id: assignment.supervisor_id,
    config,
    pause: line.pause,
    async call(api_name, params, fields) {
      client ??= openClient(assignment, line, config);
      opened = await client;
      return await opened.call(api_name, params, fields, line.pause);
    },
    progress: (share, records_processed, message) =>
      line.progress(share, records_processed, message === null ? null : spoken(String(message))),
    checkpointed: () => line.checkpointed(),
    statusOf: (task_id) => line.statusOf(task_id),
  };
  return { context, close: () => opened?.close() };
}

async function openClient({ task }: Assignment, line: ThreadLine, config: Config): Promise<TushareClient> {
  if (!hasTushareToken(config)) {
    throw new TaskError(
      'config_missing',
      'TUSHARE_TOKEN is not configured: set it to the token of your TuShare account',
    );
  }
  const [{ TushareClient }, { createLogger }] = await Promise.all([
    import('../src/tushare/client.ts'),
    import('../src/log.ts'),
  ]);
  const { proxyScope } = await import('../src/tushare/proxy-address.ts');
  return new TushareClient({
    baseUrl: config.TUSHARE_API_URL,
    token: config.TUSHARE_TOKEN,
    timeoutMs: config.TUSHARE_HTTP_TIMEOUT_SECONDS * 1000,
    proxy: proxyScope(config)?.proxy ?? null,
    permits: permitsOfRun(line, task.priority === PRIORITIES.high),
    log: createLogger('thread', config.LOG_LEVEL, secretHider(config)).child({ task_id: task.task_id }),
  });
}
