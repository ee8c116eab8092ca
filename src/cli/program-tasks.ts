/** Commands about tasks and executions. */
import { type Command, Option } from 'commander';
import { EXECUTION_KINDS } from '../queue/execution.ts';
import { TASK_MODES, TASK_STATUSES } from '../queue/task.ts';
import { cancel, retry, type SubmitOptions, showStatus, showTask, stop, submit } from './commands.ts';
import { EXECUTE_EXAMPLES, type ExecuteOptions, execute } from './execute.ts';
import {
  either,
  retryExecution,
  showExecution,
  showExecutions,
  stopExecution,
  watchExecution,
} from './executions.ts';
import type { Listed } from './found.ts';
import type { Shown } from './json.ts';
import { say } from './language.ts';
import { connect, exitWith, jsonOption, priorityOption } from './program-parts.ts';
import { showTasks, type TaskFilter } from './task-list.ts';
import { watchTask } from './watch.ts';

/** What lists of tasks and of executions are asked for alike. */
function withListOptions(command: Command): Command {
  return command
    .addOption(new Option('--status <status>', say('only these', '仅此状态')).choices([...TASK_STATUSES]))
    .option('--from <moment>', say('submitted then or later; ISO 8601', '在该时刻或之后提交，ISO 8601'))
    .option('--to <moment>', say('submitted before', '在该时刻之前提交'))
    .option(
      '--history',
      say(
        'what has ended, as far back as the history goes; --from and --to are of the end',
        '所有已结束的，尽历史所及；--from 与 --to 为结束时间',
      ),
    )
    .option('--cursor <cursor>', say('go on from where a list ended', '从上次列表结束处继续'))
    .addOption(jsonOption());
}

export function addTaskCommands(program: Command): void {
  program
    .command('submit <dataset>')
    .description(say('put a sync into the queue', '提交一个同步任务'))
    .addOption(new Option('--mode <mode>', say('how much to sync', '同步方式')).choices([...TASK_MODES]))
    .option('--from <YYYYMMDD>', say('first date', '开始日期'))
    .option('--to <YYYYMMDD>', say('last date', '结束日期'))
    .option('--dates <YYYYMMDD,…>', say('these dates only', '仅这些日期'))
    .addOption(priorityOption())
    .option('--timeout <seconds>', say('running time until it is ended', '运行时限（秒）'))
    .option('--watch', say('follow it until it ends', '提交后查看进度'))
    .addOption(jsonOption().conflicts('watch'))
    .action(async (dataset: string, options: SubmitOptions) => exitWith(submit(connect(), dataset, options)));
  program
    .command('execute [datasets...]')
    .description(
      say(
        'submit tasks that belong together: a group, a backfill day by day, or a list with dependencies',
        '提交一次执行：一组数据集、按日补数，或带依赖的任务列表',
      ),
    )
    .option('--dates <YYYYMMDD,…>', say('one dataset, one task a date', '单个数据集，每个日期一个任务'))
    .option('--file <file>', say('JSON: the list of tasks; - reads stdin', 'JSON 任务列表；- 表示标准输入'))
    .addOption(priorityOption())
    .option('--timeout <seconds>', say('running time of each task', '每个任务的运行时限（秒）'))
    .option('--watch', say('follow it until it ends', '提交后查看进度'))
    .addOption(jsonOption().conflicts('watch'))
    .addHelpText('after', EXECUTE_EXAMPLES)
    .action(async (datasets: string[], options: ExecuteOptions) =>
      exitWith(execute(connect(), datasets, options)),
    );
  program
    .command('status [id]')
    .description(
      say(
        'health and the newest tasks, or one task or execution',
        '健康状况与最新任务，或某个任务、某次执行',
      ),
    )
    .addOption(jsonOption())
    .action(async (id: string | undefined, shown: Shown) =>
      exitWith(
        id === undefined
          ? showStatus(connect(), shown)
          : either(connect(), id, showTask, showExecution, shown),
      ),
    );
  withListOptions(program.command('tasks'))
    .description(say('tasks that are as asked for, the newest first', '按条件列出任务，新的在前'))
    .option(
      '--type <job_type>',
      say('only of this type, such as daily.history', '仅此类型，如 daily.history'),
    )
    .option('--dataset <dataset>', say('only of this dataset', '仅此数据集'))
    .option('--execution <id>', say('only of this execution', '仅此次执行'))
    .action(async (options: Shown & TaskFilter) => exitWith(showTasks(connect(), options)));
  withListOptions(program.command('executions'))
    .description(say('the newest executions: tasks that belong together', '最新的执行（一起提交的任务）'))
    .addOption(
      new Option('--kind <kind>', say('only of this kind', '仅此种类')).choices([...EXECUTION_KINDS]),
    )
    .action(async (options: Shown & Listed & { kind?: string }) =>
      exitWith(showExecutions(connect(), options)),
    );
  program
    .command('watch <id>')
    .description(say('follow a task or an execution until it ends', '查看任务或某次执行的进度直到结束'))
    .action(async (id: string) =>
      exitWith(either(connect(), id, (client, taskId) => watchTask(client, taskId), watchExecution)),
    );
  program
    .command('cancel <task_id>')
    .description(say('cancel a task that has not started', '取消尚未开始的任务'))
    .addOption(jsonOption())
    .action(async (taskId: string, shown: Shown) => exitWith(cancel(connect(), taskId, shown)));
  program
    .command('stop <id>')
    .description(
      say(
        'end a running task, or an execution; what is stored stays',
        '停止正在运行的任务或某次执行，已入库的数据保留',
      ),
    )
    .addOption(jsonOption())
    .action(async (id: string, shown: Shown) => exitWith(either(connect(), id, stop, stopExecution, shown)));
  program
    .command('retry <id>')
    .description(
      say(
        'run a failed or cancelled task again, or that part of an execution',
        '重新运行失败或已取消的任务，或某次执行中的这一部分',
      ),
    )
    .addOption(jsonOption())
    .action(async (id: string, shown: Shown) =>
      exitWith(either(connect(), id, retry, retryExecution, shown)),
    );
}
