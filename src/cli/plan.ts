/** `dayline plan` and `dayline backfill`: what a sync would cost; and that sync, once a person has seen it. */
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { DatasetSummary } from '../api/datasets.ts';
import type { Plan } from '../api/plan.ts';
import type { SubmittedTask } from '../api/tasks.ts';
import { commaList } from '../comma-list.ts';
import { type ApiClient, CliError } from './client.ts';
import { printJson } from './json.ts';
import { say } from './language.ts';
import { duration } from './table.ts';
import { watchTask } from './watch.ts';

export interface PlanOptions {
  mode?: string;
  from?: string;
  to?: string;
  dates?: string;
  codes?: string;
  missing?: boolean;
  json?: boolean;
}

export interface BackfillOptions extends PlanOptions {
  yes?: boolean;
  priority?: string;
  /** Seconds. */
  timeout?: string;
}

export const BACKFILL_EXAMPLES = `
${say('Examples:', '示例：')}
  dayline backfill daily
      ${say('what is missing: days never asked for, without rows, with too few, failed', '补齐缺失：从未请求、无数据、数据不足或失败的日期')}
  dayline backfill daily --from 20190101 --to 20191231
      ${say('these days, also those that are there', '这些日期，已有的也重新获取')}
  dayline backfill daily --from 20190101 --missing --yes
      ${say('what is missing since then, without a question', '补齐该日期以来的缺失，不再询问')}
${say('Exit codes: 0 completed or nothing to fetch, 1 failed, declined or refused.', '退出码：0 完成或无需获取，1 失败、未确认或被拒绝。')}`;

export const PLAN_EXAMPLES = `
${say('Examples:', '示例：')}
  dayline plan daily --mode history
      ${say('everything there is, since 1990', '1990 年以来的全部数据')}
  dayline plan daily --from 20190101 --to 20191231
      ${say('a backfill of a year', '补一年的数据')}
  dayline plan daily --missing --json`;

/** Shows what a sync would cost; nothing is submitted. @returns exit code */
export async function showPlan(client: ApiClient, dataset: string, options: PlanOptions): Promise<number> {
  const plan = await makePlan(client, dataset, await bodyOf(client, dataset, options));
  if (options.json) return printJson(plan);
  console.log(planLines(plan).join('\n'));
  return 0;
}

/** Shows the plan, asks, submits and follows it; as JSON it asks and follows nothing. @returns exit code */
export async function backfill(
  client: ApiClient,
  dataset: string,
  options: BackfillOptions,
): Promise<number> {
  const body = {
    ...(await bodyOf(client, dataset, options)),
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.timeout !== undefined && { timeout_seconds: Number(options.timeout) }),
  };
  const plan = await makePlan(client, dataset, body);
  if (options.json) {
    if (!options.yes) throw new CliError('USAGE', say('--json goes with --yes.', '--json 需与 --yes 同用。'));
    const nothing = plan.partitions === 0;
    return printJson({ plan, task: nothing ? null : await submitted(client, dataset, body) });
  }
  console.log(planLines(plan).join('\n'));
  if (plan.partitions === 0) {
    console.log(say('Nothing to fetch.', '没有需要获取的数据。'));
    return 0;
  }
  if (!options.yes && !(await agreed())) {
    console.log(say('Not submitted.', '未提交。'));
    return 1;
  }
  const task = await submitted(client, dataset, body);
  console.log(say(`Submitted: ${task.job_type} ${task.task_id}`, `已提交：${task.job_type} ${task.task_id}`));
  return watchTask(client, task.task_id);
}

const submitted = (client: ApiClient, dataset: string, body: object) =>
  client.post<SubmittedTask>(`/datasets/${encodeURIComponent(dataset)}/sync`, body);

/** @throws CliError where nobody can answer */
function agreed(): Promise<boolean> {
  if (process.stdin.isTTY) return confirm(process.stdin, process.stdout);
  throw new CliError(
    'USAGE',
    say('This is no terminal to ask on: add --yes to submit.', '当前不是终端，无法询问：请加 --yes 提交。'),
  );
}

/** Asks whether to submit; anything but a yes is a no, the end of the input too. */
export async function confirm(input: Readable, output: Writable): Promise<boolean> {
  const lines = createInterface({ input, output });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(say('Submit it? [y/N] ', '提交吗？[y/N] ')), closed]);
    return /^(y|yes|是|好)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}

/**
 * What is meant: days that are named; else what is missing. A dataset that has no days is fetched whole.
 * @throws CliError for options that exclude each other
 */
async function bodyOf(client: ApiClient, dataset: string, options: PlanOptions): Promise<object> {
  const { mode, from, to, dates, codes, missing } = options;
  if (dates !== undefined && (from !== undefined || to !== undefined || missing))
    throw new CliError(
      'USAGE',
      say(
        '--dates goes without --from, --to and --missing.',
        '--dates 不能与 --from、--to、--missing 同用。',
      ),
    );
  const given = {
    ...(from !== undefined && { start_date: from }),
    ...(to !== undefined && { end_date: to }),
    ...(dates !== undefined && { dates: commaList(dates) }),
    ...(codes !== undefined && { codes: commaList(codes) }),
    ...(missing && { missing: true }),
  };
  if (mode !== undefined) return { mode, params: given };
  const { modes } = await client.get<DatasetSummary>(`/datasets/${encodeURIComponent(dataset)}`);
  if (!modes.includes('backfill')) return { params: given };
  const named = dates !== undefined || (from !== undefined && to !== undefined);
  return { mode: 'backfill', params: named ? given : { ...given, missing: true } };
}

const makePlan = (client: ApiClient, dataset: string, body: object): Promise<Plan> =>
  client.post<Plan>(`/datasets/${encodeURIComponent(dataset)}/plan`, body);

/** The plan in words, a line each. */
export function planLines(plan: Plan): string[] {
  const { partitions, first, last, calls, rows, bytes, complete, skipped, budget, warnings } = plan;
  const count = (value: number) => value.toLocaleString('en-US');
  const span = first === null ? '' : first === last ? `, ${first}` : `, ${first} – ${last}`;
  const time = duration(plan.minutes * 60_000);
  const lines: [string, string][] = [
    [say('Plan', '计划'), plan.job_type],
    [say('Fetches', '获取'), `${count(partitions)} ${say('partitions', '个分区')}${span}`],
  ];
  if (skipped > 0)
    lines.push([
      say('Leaves out', '跳过'),
      say(`${count(skipped)} that are complete`, `${count(skipped)} 个已完整`),
    ]);
  if (complete > 0) {
    const skips = plan.job_type.endsWith('.backfill');
    const hint = skips ? say('; --missing leaves them out', '；--missing 可跳过') : '';
    const already = say(
      `${count(complete)} of them are complete already`,
      `其中 ${count(complete)} 个已完整`,
    );
    lines.push([say('Again', '重新获取'), already + hint]);
  }
  lines.push([
    say('Calls', '调用'),
    say(
      `${count(calls)}, ${time} at the present budget (${budget.free} of ${budget.limit} free)`,
      `${count(calls)} 次，按当前额度约 ${time}（剩余 ${budget.free}/${budget.limit}）`,
    ),
  ]);
  lines.push([
    say('Rows', '行数'),
    rows === null || bytes === null
      ? say('not known before', '事先未知')
      : say(
          `about ${count(rows)}, ${size(bytes)} in Postgres`,
          `约 ${count(rows)} 行，入库约 ${size(bytes)}`,
        ),
  ]);
  lines.push([say('Deadline', '时限'), duration(plan.timeout_seconds * 1000)]);
  for (const warning of warnings) lines.push([say('Note', '注意'), warning]);
  return lines.map(([name, text]) => `${name}${' '.repeat(Math.max(1, 12 - width(name)))}${text}`);
}

/** Columns of a word that is either Latin or Chinese. */
const width = (word: string): number => [...word].reduce((sum, letter) => sum + (letter > '⺀' ? 2 : 1), 0);

function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  while (value >= 1000 && units.length > 1) {
    value /= 1000;
    units.shift();
  }
  return `${Number(value.toPrecision(3))} ${units[0]}`;
}
