/** Commands about this machine: start, tables, settings, what is wrong. */
import type { Command } from 'commander';
import { findDatabase } from './address.ts';
import { showSettings } from './commands.ts';
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
}
