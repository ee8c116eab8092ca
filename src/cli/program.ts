/** How the commands of `dayline` are spelled. */
import { Command, Option } from 'commander';
import { PRIORITY_NAMES } from '../api/task-view.ts';
import { TASK_MODES, TASK_STATUSES } from '../queue/task.ts';
import { findDatabase, findWeb } from './address.ts';
import { ApiClient } from './client.ts';
import {
  cancel,
  retry,
  type SubmitOptions,
  showSettings,
  showStatus,
  showTask,
  stop,
  submit,
} from './commands.ts';
import { type DatasetFilter, showDatasets } from './datasets.ts';
import type { DoctorOptions } from './doctor.ts';
import { EXECUTE_EXAMPLES, type ExecuteOptions, execute } from './execute.ts';
import {
  either,
  retryExecution,
  showExecution,
  showExecutions,
  stopExecution,
  watchExecution,
} from './executions.ts';
import { say } from './language.ts';
import { reopen, showLimits } from './limits.ts';
import { runMigrate } from './migrate.ts';
import { watchTask } from './watch.ts';

/** Builds the program. Its commands set process.exitCode and throw CliError or ConfigError. */
export function buildProgram(): Command {
  const program = new Command('dayline')
    .description(
      say(
        'Keeps a complete copy of TuShare market data in your own PostgreSQL.',
        '在你自己的 PostgreSQL 中保存一份完整、正确的 TuShare 行情数据。',
      ),
    )
    .addHelpText(
      'after',
      say(
        '\nThe web process is found by DAYLINE_URL, else where `dayline up` runs, else at http://127.0.0.1:8710.\nDAYLINE_API_TOKEN is sent as bearer token.',
        '\n服务地址依次取 DAYLINE_URL、正在运行的 `dayline up`、http://127.0.0.1:8710。\nDAYLINE_API_TOKEN 作为 bearer 令牌发送。',
      ),
    )
    .showSuggestionAfterError();

  program
    .command('up')
    .description(
      say(
        'start everything: Redis, Postgres, web and a supervisor',
        '启动全部：Redis、Postgres、web 与 supervisor',
      ),
    )
    .action(async () => {
      await import('../bin/up.ts');
    });
  program
    .command('migrate')
    .description(say('bring the tables of DATABASE_URL up to date', '更新 DATABASE_URL 中的表结构'))
    .action(() => exitWith(runMigrate()));
  program
    .command('submit <dataset>')
    .description(say('put a sync into the queue', '提交一个同步任务'))
    .addOption(new Option('--mode <mode>', say('how much to sync', '同步方式')).choices([...TASK_MODES]))
    .option('--start <YYYYMMDD>', say('first date', '开始日期'))
    .option('--end <YYYYMMDD>', say('last date', '结束日期'))
    .option('--dates <YYYYMMDD,…>', say('these dates only', '仅这些日期'))
    .addOption(new Option('--priority <priority>', say('who goes first', '优先级')).choices(PRIORITY_NAMES))
    .option('--timeout <seconds>', say('running time until it is ended', '运行时限（秒）'))
    .option('--watch', say('follow it until it ends', '提交后查看进度'))
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
    .addOption(new Option('--priority <priority>', say('who goes first', '优先级')).choices(PRIORITY_NAMES))
    .option('--timeout <seconds>', say('running time of each task', '每个任务的运行时限（秒）'))
    .option('--watch', say('follow it until it ends', '提交后查看进度'))
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
    .action(async (id?: string) =>
      exitWith(id === undefined ? showStatus(connect()) : either(connect(), id, showTask, showExecution)),
    );
  program
    .command('executions')
    .description(say('the newest executions: tasks that belong together', '最新的执行（一起提交的任务）'))
    .addOption(new Option('--status <status>', say('only these', '仅此状态')).choices([...TASK_STATUSES]))
    .action(async (options: { status?: string }) => exitWith(showExecutions(connect(), options)));
  program
    .command('watch <id>')
    .description(say('follow a task or an execution until it ends', '查看任务或某次执行的进度直到结束'))
    .action(async (id: string) => exitWith(either(connect(), id, watchTask, watchExecution)));
  program
    .command('cancel <task_id>')
    .description(say('cancel a task that has not started', '取消尚未开始的任务'))
    .action(async (taskId: string) => exitWith(cancel(connect(), taskId)));
  program
    .command('stop <id>')
    .description(
      say(
        'end a running task, or an execution; what is stored stays',
        '停止正在运行的任务或某次执行，已入库的数据保留',
      ),
    )
    .action(async (id: string) => exitWith(either(connect(), id, stop, stopExecution)));
  program
    .command('retry <id>')
    .description(
      say(
        'run a failed or cancelled task again, or that part of an execution',
        '重新运行失败或已取消的任务，或某次执行中的这一部分',
      ),
    )
    .action(async (id: string) => exitWith(either(connect(), id, retry, retryExecution)));
  program
    .command('datasets')
    .description(say('what can be synced', '可同步的数据集'))
    .option('--group <group>', say('only this group', '只列出该分组'))
    .option(
      '--points <points>',
      say('only what an account with so many points may use', '只列出该积分可用的'),
    )
    .option('--available', say('only what can be submitted today', '只列出现在可提交的'))
    .action(async (filter: DatasetFilter) => exitWith(showDatasets(connect(), filter)));
  program
    .command('limits')
    .description(
      say('how many calls are used, by whom, and what is closed', '调用额度、使用者与已关闭的接口'),
    )
    .action(async () => exitWith(showLimits(connect())));
  program
    .command('reopen <scope>')
    .description(
      say('open an API, or all, that TuShare had refused', '重新开放被 TuShare 拒绝的接口（all 表示全部）'),
    )
    .action(async (scope: string) => exitWith(reopen(connect(), scope)));
  program
    .command('doctor')
    .description(
      say(
        'look at everything Dayline needs, and say how to mend what is wrong',
        '检查运行所需的一切，并给出修复办法',
      ),
    )
    .option('--call', say('make one call to TuShare too, in a task', '另外通过任务调用一次 TuShare'))
    .option('--json', say('as JSON', '输出 JSON'))
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./doctor.ts');
      await exitWith(doctor(connect(), options));
    });
  program
    .command('database')
    .description(
      say(
        'print the URL of the database, for psql and notebooks',
        '输出数据库连接地址，供 psql 与 notebook 使用',
      ),
    )
    .action(() => console.log(findDatabase()));
  program
    .command('settings')
    .description(say('every setting, its default and meaning', '全部设置、默认值与含义'))
    .action(() => exitWith(showSettings()));
  return program;
}

function connect(): ApiClient {
  return new ApiClient(findWeb(), process.env.DAYLINE_API_TOKEN);
}

async function exitWith(code: number | Promise<number>): Promise<void> {
  process.exitCode = await code;
}
