/** `dayline schedules`: when each job runs, what its runs brought, and how to change both. */
import type { ReportRow, ScheduledJobView } from '../api/schedule-views.ts';
import { type ApiClient, CliError } from './client.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { duration, table } from './table.ts';
import { shanghaiTime } from './times.ts';
import { watchTask } from './watch.ts';

export interface SetOptions extends Shown {
  cron?: string;
  /** Minutes. */
  every?: string;
  /** HH:MM in Shanghai. */
  at?: string;
  timezone?: string;
  /** JSON. */
  kwargs?: string;
  enable?: boolean;
}

/** Shows every job with its next run and its last one. @returns exit code: 1 when one is silent or broken */
export async function listSchedules(client: ApiClient, options: Shown): Promise<number> {
  const { jobs } = await client.get<{ jobs: ScheduledJobView[] }>('/scheduler/jobs');
  const wrong = jobs.filter(({ silent, fault, enabled }) => silent || (enabled && fault !== null));
  if (options.json) printJson(jobs);
  else {
    const header = say(
      'job,when,next run (Shanghai),last run (Shanghai),result,days since success',
      '任务,时间,下次运行（上海）,上次运行（上海）,结果,距上次成功（天）',
    );
    console.log(table(header.split(','), jobs.map(row)));
    for (const { job_id, fault, silent } of wrong)
      console.log(
        fault === null && silent
          ? say(`${job_id} has had no success for days.`, `${job_id} 已多日没有成功。`)
          : say(`${job_id} can't be followed: ${fault}`, `${job_id} 的时间设置无法执行：${fault}`),
      );
  }
  return wrong.length === 0 ? 0 : 1;
}

/** Runs a job now. @returns exit code */
export async function runJobNow(
  client: ApiClient,
  jobId: string,
  options: Shown & { kwargs?: string; watch?: boolean },
): Promise<number> {
  const kwargs = readKwargs(options.kwargs);
  const taskId = await client.postForHeader(`${pathOf(jobId)}/trigger`, kwargs, 'x-task-id');
  if (options.json) return printJson({ job_id: jobId, task_id: taskId });
  console.log(say(`Submitted: ${jobId} ${taskId}`, `已提交：${jobId} ${taskId}`));
  return options.watch && taskId ? watchTask(client, taskId) : 0;
}

/** Turns a schedule off. @returns exit code */
export async function stopSchedule(client: ApiClient, jobId: string, { json }: Shown): Promise<number> {
  const stopped = await client.post(`${pathOf(jobId)}/stop`);
  if (json) return printJson(stopped);
  console.log(say(`${jobId} is no longer scheduled.`, `${jobId} 已停止定时运行。`));
  return 0;
}

/** Changes a schedule; one that gets a new time is turned on. @returns exit code */
export async function setSchedule(client: ApiClient, jobId: string, options: SetOptions): Promise<number> {
  const { cron, every, timezone } = options;
  const kwargs = readKwargs(options.kwargs);
  const cron_expression = options.at === undefined ? cron : dailyAt(options.at);
  const timed = cron_expression !== undefined || every !== undefined;
  const job = await client.put<ScheduledJobView>(pathOf(jobId), {
    ...(cron_expression !== undefined && { cron_expression }),
    ...(every !== undefined && { interval_minutes: Number(every) }),
    ...(timezone !== undefined && { timezone }),
    ...(kwargs !== undefined && { kwargs }),
    ...((timed || options.enable) && { enabled: true }),
  });
  if (options.json) return printJson(job);
  console.log(
    table(say('job,when,next run (Shanghai)', '任务,时间,下次运行（上海）').split(','), [
      row(job).slice(0, 3),
    ]),
  );
  return 0;
}

/** Shows the last runs and what they brought. @returns exit code */
export async function showScheduleLog(
  client: ApiClient,
  jobId: string | undefined,
  options: Shown & { limit?: string },
): Promise<number> {
  const query = new URLSearchParams({
    limit: options.limit ?? '20',
    ...(jobId === undefined ? {} : { job_id: jobId }),
  });
  const runs = await client.get<ReportRow[]>(`/scheduler/reports?${query}`);
  if (options.json) return printJson(runs);
  const header = say(
    'job,started (Shanghai),result,took,rows,gaps,calls,what',
    '任务,开始（上海）,结果,耗时,行数,缺口,调用,说明',
  ).split(',');
  const number = (value: unknown) => (typeof value === 'number' ? value : null);
  const rows = runs.map(({ job_id, started_at, status, duration_ms, report, error_message }) => [
    job_id,
    minute(started_at),
    result(status),
    duration_ms === null ? null : duration(duration_ms),
    number(report?.rows),
    number(report?.gaps_left),
    number(report?.calls),
    error_message ?? closedDay(report?.closed_day) ?? String(report?.summary ?? ''),
  ]);
  console.log(runs.length === 0 ? say('No runs yet.', '还没有运行记录。') : table(header, rows));
  return 0;
}

function row(job: ScheduledJobView): (string | number | null)[] {
  const { job_id, enabled, scheduled, trigger, timezone, next_runs, last_run_at, last_execution } = job;
  const when = trigger === null ? null : `${trigger}${timezone === 'Asia/Shanghai' ? '' : ` ${timezone}`}`;
  return [
    job_id,
    scheduled && !enabled ? say('off', '已停止') : when,
    next_runs[0] === undefined ? null : minute(next_runs[0]),
    last_run_at === null ? null : minute(last_run_at),
    last_execution ? result(last_execution.status) : null,
    job.days_since_success,
  ];
}

const pathOf = (jobId: string): string => `/scheduler/jobs/${encodeURIComponent(jobId)}`;

const minute = (moment: string): string => shanghaiTime(moment).slice(0, 16);

function result(status: string): string {
  if (status === 'SUCCESS') return say('success', '成功');
  return status === 'FAILED' ? say('failed', '失败') : say('running', '运行中');
}

const closedDay = (date: unknown): string | null =>
  typeof date === 'string' ? say(`${date}: the exchange was closed`, `${date} 休市`) : null;

function dailyAt(time: string): string {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(time) ?? [];
  if (hour === undefined || minute === undefined)
    throw new CliError(
      'VALIDATION_FAILED',
      say(`--at takes HH:MM, not ${time}.`, `--at 的格式为 HH:MM，而不是 ${time}。`),
    );
  return `${Number(minute)} ${Number(hour)} * * *`;
}

function readKwargs(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const kwargs: unknown = JSON.parse(text);
    if (typeof kwargs === 'object' && kwargs !== null && !Array.isArray(kwargs))
      return kwargs as Record<string, unknown>;
  } catch {
    // told below
  }
  throw new CliError(
    'VALIDATION_FAILED',
    say('--kwargs takes a JSON object.', '--kwargs 需要一个 JSON 对象。'),
  );
}
