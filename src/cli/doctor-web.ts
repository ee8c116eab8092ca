/** What `dayline doctor` learns from a web that runs: health, supervisors, the budget of calls, and one real call. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Health } from '../api/health.ts';
import type { Limits } from '../api/limits.ts';
import type { SingleTask, SubmittedView } from '../api/task-view.ts';
import { monotonicMs } from '../clock.ts';
import { type ApiClient, CliError } from './client.ts';
import { bad, type Finding, good, warn } from './doctor-checks.ts';
import { say } from './language.ts';
import { inShanghai } from './times.ts';

/** Longest wait for the task of `--call`, in ms: its permit may take a while. */
const CALL_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;
/** Reasons of /health that other checks find out, and say better how to mend. */
const FOUND_OTHERWISE = /^(redis_\w+|no_supervisor|postgres_unavailable)$/;

export async function checkWeb(client: ApiClient): Promise<Finding[]> {
  try {
    return [...webFindings(await client.plain<Health>('/health'), client.url), await checkBudget(client)];
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return [
      warn(
        'web',
        error.message,
        say('Supervisors and the budget of calls are not looked at.', '未检查 supervisor 与调用额度。'),
      ),
    ];
  }
}

function webFindings({ reasons, supervisors }: Health, url: string): Finding[] {
  const mend = say('See docs/operations.md, What to watch.', '参见 docs/operations.md。');
  const degraded = reasons
    .filter(({ code }) => !FOUND_OTHERWISE.test(code))
    .map(({ code, message }) => warn(code, message, mend));
  const alive = supervisors.alive ?? 0;
  const crew =
    alive > 0
      ? good(
          'supervisors',
          say(
            `${alive} alive, ${supervisors.threads} threads`,
            `${alive} 个在线，${supervisors.threads} 个线程`,
          ),
        )
      : bad(
          'supervisors',
          say('None is alive: nothing runs.', '没有存活的 supervisor，任务不会运行。'),
          'node src/bin/supervisor.ts',
        );
  return [good('web', url), ...degraded, crew];
}

async function checkBudget(client: ApiClient): Promise<Finding> {
  const { pools, closures, opens_at } = await client.get<Limits>('/limits');
  const token = pools.find(({ kind }) => kind === 'token');
  const calls = `${token?.used ?? 0} / ${token?.limit ?? '?'} in ${token?.window_seconds ?? '?'} s`;
  const closed = closures.map(({ scope, reason }) => `${scope}: ${reason}`);
  if (opens_at !== null)
    closed.push(
      say(
        `closed until ${inShanghai(opens_at)}: Redis had lost what it counted`,
        `${inShanghai(opens_at)} 前关闭：Redis 曾丢失计数`,
      ),
    );
  if (closed.length === 0) return good('calls', calls);
  return warn('calls', `${calls}; ${closed.join('; ')}`, 'npx dayline limits');
}

/** One call to TuShare in a task, through the queue, the window and the proxy, as every sync makes it. */
export async function checkCall(client: ApiClient): Promise<Finding> {
  try {
    const { task_id } = await client.post<SubmittedView>('/proxy/test');
    const end = monotonicMs() + CALL_WITHIN_MS;
    for (;;) {
      const task = await client.get<SingleTask>(`/tasks/${task_id}`);
      if (task.status === 'completed') return good('call', task.progress_message ?? '');
      if (task.status !== 'pending' && task.status !== 'running')
        return bad(
          'call',
          `${task.last_error_type}: ${task.error_message}`,
          say(
            'See the message; TUSHARE_TOKEN and TUSHARE_PROXY_URL of the supervisors decide.',
            '请看上面的信息；以 supervisor 的 TUSHARE_TOKEN 与 TUSHARE_PROXY_URL 为准。',
          ),
        );
      if (monotonicMs() > end)
        return bad('call', task.waiting?.message ?? task.status, `npx dayline watch ${task_id}`);
      await delay(LOOK_EVERY_MS);
    }
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return bad(
      'call',
      `${error.code}: ${error.message}`,
      say('Start web and a supervisor.', '请启动 web 与 supervisor。'),
    );
  }
}
