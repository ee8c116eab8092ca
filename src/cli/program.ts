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
import { GAPS_EXAMPLES, type GapsOptions, showAllGaps, showGaps } from './gaps.ts';
import { say } from './language.ts';
import { reopen, showLimits } from './limits.ts';
import { runMigrate } from './migrate.ts';
import {
  BACKFILL_EXAMPLES,
  type BackfillOptions,
  backfill,
  PLAN_EXAMPLES,
  type PlanOptions,
  showPlan,
} from './plan.ts';
import {
  listSchedules,
  runJobNow,
  type SetOptions,
  setSchedule,
  showScheduleLog,
  stopSchedule,
} from './schedules.ts';
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
  const days = (command: Command) =>
    command
      .option('--from <YYYYMMDD>', say('first date', '开始日期'))
      .option('--to <YYYYMMDD>', say('last date', '结束日期'));
  const chosen = (command: Command) =>
    days(command)
      .option('--missing', say('only what is missing or short', '仅补缺失或不足的'))
      .option('--dates <YYYYMMDD,…>', say('these dates only', '仅这些日期'))
      .option('--codes <ts_code,…>', say('these stocks only', '仅这些股票'));
  chosen(program.command('plan <dataset>'))
    .description(
      say(
        'what a sync would cost: calls, minutes, rows; nothing is submitted',
        '预估一次同步的调用次数、时间与行数，不提交',
      ),
    )
    .addOption(new Option('--mode <mode>', say('how much to sync', '同步方式')).choices([...TASK_MODES]))
    .option('--json', say('as JSON', '输出 JSON'))
    .addHelpText('after', PLAN_EXAMPLES)
    .action(async (dataset: string, options: PlanOptions) => exitWith(showPlan(connect(), dataset, options)));
  chosen(program.command('backfill <dataset>'))
    .description(
      say(
        'fetch days again, or what is missing: shows the plan, asks, and follows it',
        '补数：先显示计划并询问，再提交并查看进度',
      ),
    )
    .option('--yes', say('submit without asking', '不询问，直接提交'))
    .addOption(new Option('--priority <priority>', say('who goes first', '优先级')).choices(PRIORITY_NAMES))
    .option('--timeout <seconds>', say('running time until it is ended', '运行时限（秒）'))
    .addHelpText('after', BACKFILL_EXAMPLES)
    .action(async (dataset: string, options: BackfillOptions) =>
      exitWith(backfill(connect(), dataset, options)),
    );
  days(program.command('gaps [dataset]'))
    .description(say('what is missing, of one dataset or of all', '查看缺失的数据'))
    .option('--limit <gaps>', say('lines of the table', '最多显示几行'))
    .option('--json', say('as JSON', '输出 JSON'))
    .addHelpText('after', GAPS_EXAMPLES)
    .action(async (dataset: string | undefined, options: GapsOptions) =>
      exitWith(
        dataset === undefined ? showAllGaps(connect(), options) : showGaps(connect(), dataset, options),
      ),
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
  addSchedules(program);
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

function addSchedules(program: Command): void {
  const schedules = program
    .command('schedules')
    .description(say('when jobs run by themselves, and what their runs brought', '定时任务与运行记录'));
  const json = () => new Option('--json', say('as JSON', '输出 JSON'));
  schedules
    .command('list', { isDefault: true })
    .description(say('every job with its next and last run', '全部任务、下次与上次运行'))
    .addOption(json())
    .action(async (options: { json?: boolean }) => exitWith(listSchedules(connect(), options)));
  schedules
    .command('run <job_id>')
    .description(say('run a job now', '立即运行'))
    .option('--kwargs <json>', say('its parameters', '参数（JSON）'))
    .option('--watch', say('follow it until it ends', '提交后查看进度'))
    .action(async (jobId: string, options: { kwargs?: string; watch?: boolean }) =>
      exitWith(runJobNow(connect(), jobId, options)),
    );
  schedules
    .command('stop <job_id>')
    .description(say('turn a schedule off', '停止定时运行'))
    .action(async (jobId: string) => exitWith(stopSchedule(connect(), jobId)));
  schedules
    .command('set <job_id>')
    .description(say('change a schedule; a new time turns it on', '修改定时设置；设置时间即启用'))
    .option('--at <HH:MM>', say('every day at this time', '每天此时运行'))
    .option('--cron <expression>', say('five fields, or six with seconds first', '五段或含秒的六段表达式'))
    .option('--every <minutes>', say('every so many minutes', '每隔多少分钟'))
    .option('--timezone <name>', say('of the times, Asia/Shanghai by default', '时区，默认 Asia/Shanghai'))
    .option('--kwargs <json>', say('its parameters', '参数（JSON）'))
    .option('--enable', say('turn it on as it is', '按原设置启用'))
    .action(async (jobId: string, options: SetOptions) => exitWith(setSchedule(connect(), jobId, options)));
  schedules
    .command('log [job_id]')
    .description(say('the last runs, and what they brought', '最近的运行记录与结果'))
    .option('--limit <runs>', say('how many, up to 100', '条数，最多 100'))
    .addOption(json())
    .action(async (jobId: string | undefined, options: { limit?: string; json?: boolean }) =>
      exitWith(showScheduleLog(connect(), jobId, options)),
    );
}

function connect(): ApiClient {
  return new ApiClient(findWeb(), process.env.DAYLINE_API_TOKEN);
}

async function exitWith(code: number | Promise<number>): Promise<void> {
  process.exitCode = await code;
}
