/** What each command of `dayline` does, apart from how it is spelled (program.ts) and watching (watch.ts). */
import { inspect } from 'node:util';
import type { Health } from '../api/health.ts';
import type { SingleTask, TaskView } from '../api/task-view.ts';
import type { SubmittedTask } from '../api/tasks.ts';
import { SettingsSchema } from '../config.ts';
import type { ApiClient } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';
import { taskTable } from './task-list.ts';
import { inShanghai } from './times.ts';
import { watchTask } from './watch.ts';

export interface SubmitOptions extends Shown {
  mode?: string;
  from?: string;
  to?: string;
  dates?: string;
  priority?: string;
  /** Seconds. */
  timeout?: string;
  watch?: boolean;
}

/** Submits a task. @returns exit code */
export async function submit(client: ApiClient, dataset: string, options: SubmitOptions): Promise<number> {
  const params: Record<string, unknown> = {};
  if (options.from !== undefined) params.start_date = options.from;
  if (options.to !== undefined) params.end_date = options.to;
  if (options.dates !== undefined) params.dates = options.dates.split(',').map((date) => date.trim());
  const mode = options.mode ?? (options.dates === undefined ? undefined : 'backfill');
  const task = await client.post<SubmittedTask>('/tasks', {
    dataset,
    params,
    // dates can only be meant as a backfill
    ...(mode === undefined ? {} : { mode }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.timeout === undefined ? {} : { timeout_seconds: Number(options.timeout) }),
  });
  if (options.json) return printJson(task);
  console.log(say(`Submitted: ${task.job_type} ${task.task_id}`, `已提交：${task.job_type} ${task.task_id}`));
  if (task.warning) console.log(say(`Note: ${task.warning}`, `注意：${task.warning}`));
  if (options.watch) return watchTask(client, task.task_id);
  console.log(
    say(
      `Watch it with \`npx dayline watch ${task.task_id}\`.`,
      `查看进度：\`npx dayline watch ${task.task_id}\``,
    ),
  );
  return 0;
}

/** Cancels a pending task. @returns exit code */
export async function cancel(client: ApiClient, taskId: string, shown: Shown = {}): Promise<number> {
  const task = await client.post<TaskView>(`/tasks/${encodeURIComponent(taskId)}/cancel`);
  if (shown.json) return printJson(task);
  console.log(say(`Cancelled: ${task.job_type} ${task.task_id}`, `已取消：${task.job_type} ${task.task_id}`));
  return 0;
}

/** Runs a failed or cancelled task once more, as a new one. @returns exit code */
export async function retry(client: ApiClient, taskId: string, shown: Shown = {}): Promise<number> {
  const task = await client.post<TaskView>(`/tasks/${encodeURIComponent(taskId)}/retry`);
  if (shown.json) return printJson(task);
  console.log(
    say(`Runs again: ${task.job_type} ${task.task_id}`, `已重新提交：${task.job_type} ${task.task_id}`),
  );
  return 0;
}

/** Ends a running task; what it has stored stays. @returns exit code */
export async function stop(client: ApiClient, taskId: string, shown: Shown = {}): Promise<number> {
  const task = await client.post<TaskView>(`/tasks/${encodeURIComponent(taskId)}/stop`);
  if (shown.json) return printJson(task);
  console.log(
    say(`Stopping: ${task.job_type} ${task.task_id}`, `正在停止：${task.job_type} ${task.task_id}`),
  );
  return 0;
}

/** Shows one task, field by field. @returns exit code */
export async function showTask(client: ApiClient, taskId: string, shown: Shown = {}): Promise<number> {
  const single = await client.get<SingleTask>(`/tasks/${encodeURIComponent(taskId)}`);
  if (shown.json) return printJson(single);
  const { waiting, ...task } = single;
  const names = Object.keys(task) as (keyof TaskView)[];
  const longest = Math.max(...names.map((name) => name.length));
  for (const name of names) {
    const value = task[name];
    if (value === null) continue;
    const shown =
      typeof value === 'string' ? value : inspect(value, { breakLength: Infinity, compact: true });
    const isTime = name.endsWith('_at') && typeof value === 'string';
    console.log(`${name.padEnd(longest)}  ${isTime ? inShanghai(value) : shown}`);
  }
  if (waiting) console.log(`${'waiting'.padEnd(longest)}  ${waiting.message}`);
  return 0;
}

/** Shows health and the newest tasks. @returns exit code: 1 when the queue can't be used */
export async function showStatus(client: ApiClient, shown: Shown = {}): Promise<number> {
  const health = await client.plain<Health>('/health');
  const tasks = health.queue.available ? await newestTasks(client) : [];
  const code = health.queue.available ? 0 : 1;
  if (shown.json) return printJson({ health, tasks }) || code;
  console.log(healthLines(health).join('\n'));
  if (code) return code;
  console.log('');
  if (tasks.length === 0) {
    console.log(say('No tasks yet. Try `npx dayline submit daily --from … --to …`.', '还没有任务。'));
    return 0;
  }
  console.log(taskTable(tasks));
  return 0;
}

async function newestTasks(client: ApiClient): Promise<TaskView[]> {
  return (await client.get<{ tasks: TaskView[] }>('/tasks?limit=10')).tasks;
}

function healthLines(health: Health): string[] {
  const { queue, supervisors, postgres } = health;
  const state = (available: boolean, reason: string | null) =>
    available ? say('ok', '正常') : `${say('away', '不可用')} (${reason})`;
  const lines = [
    `Dayline   ${health.status === 'ok' ? say('ok', '正常') : say('degraded', '降级')}`,
    `Redis     ${state(queue.available, queue.reason)}`,
    `Postgres  ${state(postgres.available, postgres.reason)}`,
  ];
  for (const { message } of health.reasons) lines.push(`          ${message}`);
  if (!queue.available) return lines;
  const depth = queue.depth ?? { high: 0, normal: 0, low: 0 };
  const waiting = depth.high + depth.normal + depth.low;
  lines.push(
    say(
      `Queue     ${waiting} waiting (high ${depth.high}, normal ${depth.normal}, low ${depth.low}), ${queue.running} running, ${queue.delayed} delayed, ${queue.parked} parked`,
      `队列      等待 ${waiting}（高 ${depth.high}，中 ${depth.normal}，低 ${depth.low}），运行 ${queue.running}，延后 ${queue.delayed}，同类等待 ${queue.parked}`,
    ),
    `${say('Workers   ', '工作进程  ')}${say(`${supervisors.alive} alive`, `${supervisors.alive} 个在线`)}`,
  );
  return lines;
}

/** Lists every setting with its default and what it is for. @returns exit code */
export function showSettings(shown: Shown): number {
  if (shown.json) return printJson(SettingsSchema.properties);
  const header = say('setting,default,description', '设置,默认值,说明').split(',');
  const rows = Object.entries(SettingsSchema.properties).map(([name, schema]) => {
    const { default: fallback, description } = schema as { default?: unknown; description?: string };
    return [name, String(fallback ?? ''), description ?? ''];
  });
  console.log(table(header, rows));
  return 0;
}
