/** `dayline execute`: puts tasks that belong together into the queue, as one execution. */
import fs from 'node:fs';
import type { SubmittedExecutionView } from '../api/execution-view.ts';
import { commaList } from '../comma-list.ts';
import { type ApiClient, CliError } from './client.ts';
import { watchExecution } from './executions.ts';
import { printJson, type Shown } from './json.ts';
import { say } from './language.ts';
import { table } from './table.ts';

export interface ExecuteOptions extends Shown {
  dates?: string;
  file?: string;
  priority?: string;
  /** Seconds. */
  timeout?: string;
  watch?: boolean;
}

export const EXECUTE_EXAMPLES = `
${say('Examples:', '示例：')}
  dayline execute stock_basic trade_cal daily
      ${say('a group: each after those of the group that it needs', '一组数据集：每个都在其所需的数据集之后运行')}
  dayline execute daily --dates 20261119,20261120 --watch
      ${say('a backfill: one task a date', '补数：每个日期一个任务')}
  dayline execute --file tasks.json
      ${say('tasks with dependencies, for example', '带依赖的任务，例如')}
      [{"key": "list", "dataset": "stock_basic"},
       {"key": "bars", "dataset": "daily", "params": {"start_date": "20261001"}, "depends_on": ["list"]}]`;

/**
 * Submits an execution: of the file when one is named, else of the datasets.
 * @returns exit code
 * @throws CliError for a file that can't be used, and what the API refuses
 */
export async function execute(
  client: ApiClient,
  datasets: readonly string[],
  options: ExecuteOptions,
): Promise<number> {
  const submitted = await client.post<SubmittedExecutionView>('/executions', {
    ...contentOf(datasets, options),
    ...(options.priority !== undefined && { priority: options.priority }),
    ...(options.timeout !== undefined && { timeout_seconds: Number(options.timeout) }),
  });
  if (options.json) return printJson(submitted);
  const { execution_id, label, tasks } = submitted;
  console.log(say(`Submitted: ${label} ${execution_id}`, `已提交：${label} ${execution_id}`));
  if (options.watch) return watchExecution(client, execution_id);
  const header = say('task,key,type,waits for', '任务,名称,类型,等待').split(',');
  const keys = new Map(tasks.map(({ task_id, key }) => [task_id, key ?? task_id]));
  const rows = tasks.map(({ task_id, key, job_type, depends_on }) => [
    task_id,
    key,
    job_type,
    depends_on.map((id) => keys.get(id)).join(' '),
  ]);
  console.log(table(header, rows));
  return 0;
}

function contentOf(datasets: readonly string[], { dates, file }: ExecuteOptions): object {
  const [dataset] = datasets;
  if (file !== undefined) {
    if (dataset === undefined && dates === undefined) return { tasks: readTasks(file) };
    throw usage(
      '--file names the tasks: give no datasets and no --dates with it',
      '--file 已列出任务：不要再给数据集或 --dates',
    );
  }
  if (dataset === undefined)
    throw usage('name datasets, or a file with --file', '请给出数据集，或用 --file 指定文件');
  if (dates === undefined) return { datasets };
  if (datasets.length > 1) throw usage('--dates goes with one dataset', '--dates 只能用于一个数据集');
  return { dataset, params: { dates: commaList(dates) }, per: 'date' };
}

/** @param file a path; -: stdin */
function readTasks(file: string): unknown {
  try {
    return JSON.parse(fs.readFileSync(file === '-' ? 0 : file, 'utf8'));
  } catch (error) {
    const why =
      error instanceof SyntaxError
        ? say('it is no JSON', '不是 JSON')
        : (error as NodeJS.ErrnoException).code;
    throw usage(`${file} can't be read: ${why}`, `无法读取 ${file}：${why}`);
  }
}

const usage = (english: string, chinese: string) => new CliError('USAGE', say(`${english}.`, `${chinese}。`));
