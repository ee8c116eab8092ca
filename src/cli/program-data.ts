/** Commands about datasets, what is there of them, and what it costs to fetch the rest. */
import { type Command, Option } from 'commander';
import { TASK_MODES } from '../queue/task.ts';
import { showCodeChanges } from './code-changes.ts';
import { type DatasetFilter, showDatasets } from './datasets.ts';
import { GAPS_EXAMPLES, type GapsOptions, showAllGaps, showGaps } from './gaps.ts';
import type { Shown } from './json.ts';
import { say } from './language.ts';
import { reopen, showLimits } from './limits.ts';
import {
  BACKFILL_EXAMPLES,
  type BackfillOptions,
  backfill,
  PLAN_EXAMPLES,
  type PlanOptions,
  showPlan,
} from './plan.ts';
import { connect, exitWith, jsonOption, priorityOption } from './program-parts.ts';

export function addDataCommands(program: Command): void {
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
    .addOption(jsonOption())
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
    .addOption(priorityOption())
    .option('--timeout <seconds>', say('running time until it is ended', '运行时限（秒）'))
    .addOption(jsonOption())
    .addHelpText('after', BACKFILL_EXAMPLES)
    .action(async (dataset: string, options: BackfillOptions) =>
      exitWith(backfill(connect(), dataset, options)),
    );
  days(program.command('gaps [dataset]'))
    .description(say('what is missing, of one dataset or of all', '查看缺失的数据'))
    .option('--limit <gaps>', say('lines of the table', '最多显示几行'))
    .addOption(jsonOption())
    .addHelpText('after', GAPS_EXAMPLES)
    .action(async (dataset: string | undefined, options: GapsOptions) =>
      exitWith(
        dataset === undefined ? showAllGaps(connect(), options) : showGaps(connect(), dataset, options),
      ),
    );
  program
    .command('datasets')
    .description(say('what can be synced', '可同步的数据集'))
    .option('--q <words>', say('only what is called so', '只列出名称含这些词的'))
    .option('--group <group>', say('only this group', '只列出该分组'))
    .option(
      '--points <points>',
      say('only what an account with so many points may use', '只列出该积分可用的'),
    )
    .option('--available', say('only what can be submitted today', '只列出现在可提交的'))
    .addOption(jsonOption())
    .action(async (filter: DatasetFilter & Shown) => exitWith(showDatasets(connect(), filter)));
  program
    .command('code-changes [code]')
    .description(say('stocks whose code was replaced by another', '查看代码变更的股票'))
    .addOption(jsonOption())
    .action(async (code: string | undefined, shown: Shown) =>
      exitWith(showCodeChanges(connect(), code, shown)),
    );
  program
    .command('limits')
    .description(
      say('how many calls are used, by whom, and what is closed', '调用额度、使用者与已关闭的接口'),
    )
    .addOption(jsonOption())
    .action(async (shown: Shown) => exitWith(showLimits(connect(), shown)));
  program
    .command('reopen <scope>')
    .description(
      say('open an API, or all, that TuShare had refused', '重新开放被 TuShare 拒绝的接口（all 表示全部）'),
    )
    .addOption(jsonOption())
    .action(async (scope: string, shown: Shown) => exitWith(reopen(connect(), scope, shown)));
}
