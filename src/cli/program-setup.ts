/** Commands about this machine: start, tables, settings, what is wrong. */
import { Argument, type Command } from 'commander';
import { type ActionsOptions, showActions } from './actions.ts';
import { findDatabase } from './address.ts';
import { showSettings } from './commands.ts';
import { COMPLETION_EXAMPLES, completionScript, SHELLS, type Shell } from './completion.ts';
import type { DoctorOptions } from './doctor.ts';
import type { Shown } from './json.ts';
import { say } from './language.ts';
import { runMigrate } from './migrate.ts';
import { connect, exitWith, jsonOption } from './program-parts.ts';

export function addSetupCommands(program: Command): void {
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
    .command('doctor')
    .description(
      say(
        'look at everything Dayline needs, and say how to mend what is wrong',
        '检查运行所需的一切，并给出修复办法',
      ),
    )
    .option('--call', say('make one call to TuShare too, in a task', '另外通过任务调用一次 TuShare'))
    .addOption(jsonOption())
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
    .addOption(jsonOption())
    .action((shown: Shown) => exitWith(showSettings(shown)));
  program
    .command('actions')
    .description(say('what was done through the API, by whom', '操作记录：谁通过接口做了什么'))
    .option('--actor <name>', say('only of this token (its name)', '仅此令牌（名称）'))
    .option('--target <id>', say('only on this task, execution or job', '仅此任务、执行或定时任务'))
    .option('--from <moment>', say('at this moment (ISO 8601) or later', '此时刻（ISO 8601）及以后'))
    .option('--limit <actions>', say('how many, up to 200', '条数，最多 200'))
    .addOption(jsonOption())
    .action((options: ActionsOptions) => exitWith(showActions(connect(), options)));
  program
    .command('completion')
    .addArgument(new Argument('<shell>', say('your shell', '所用的 shell')).choices(SHELLS))
    .description(say('print what your shell needs to complete dayline', '输出 shell 自动补全脚本'))
    .addHelpText('after', COMPLETION_EXAMPLES)
    .action(async (shell: Shell) => {
      const { loadCatalogue } = await import('../datasets/own-datasets.ts');
      const { loadConfig } = await import('../config.ts');
      const datasets = (await loadCatalogue(loadConfig())).all().map(({ name }) => name);
      process.stdout.write(completionScript(program, shell, datasets));
    });
}
