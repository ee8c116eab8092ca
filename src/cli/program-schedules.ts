/** Commands about schedules. */
import type { Command } from 'commander';
import type { Shown } from './json.ts';
import { say } from './language.ts';
import { connect, exitWith, jsonOption } from './program-parts.ts';
import {
  listSchedules,
  runJobNow,
  type SetOptions,
  setSchedule,
  showScheduleLog,
  stopSchedule,
} from './schedules.ts';

export function addScheduleCommands(program: Command): void {
  const schedules = program
    .command('schedules')
    .description(say('when jobs run by themselves, and what their runs brought', '定时任务与运行记录'));
  schedules
    .command('list', { isDefault: true })
    .description(say('every job with its next and last run', '全部任务、下次与上次运行'))
    .addOption(jsonOption())
    .action(async (options: Shown) => exitWith(listSchedules(connect(), options)));
  schedules
    .command('run <job_id>')
    .description(say('run a job now', '立即运行'))
    .option('--kwargs <json>', say('its parameters', '参数（JSON）'))
    .option('--watch', say('follow it until it ends', '提交后查看进度'))
    .addOption(jsonOption().conflicts('watch'))
    .action(async (jobId: string, options: Shown & { kwargs?: string; watch?: boolean }) =>
      exitWith(runJobNow(connect(), jobId, options)),
    );
  schedules
    .command('stop <job_id>')
    .description(say('turn a schedule off', '停止定时运行'))
    .addOption(jsonOption())
    .action(async (jobId: string, shown: Shown) => exitWith(stopSchedule(connect(), jobId, shown)));
  schedules
    .command('set <job_id>')
    .description(say('change a schedule; a new time turns it on', '修改定时设置；设置时间即启用'))
    .option('--at <HH:MM>', say('every day at this time', '每天此时运行'))
    .option('--cron <expression>', say('five fields, or six with seconds first', '五段或含秒的六段表达式'))
    .option('--every <minutes>', say('every so many minutes', '每隔多少分钟'))
    .option('--timezone <name>', say('of the times, Asia/Shanghai by default', '时区，默认 Asia/Shanghai'))
    .option('--kwargs <json>', say('its parameters', '参数（JSON）'))
    .option('--enable', say('turn it on as it is', '按原设置启用'))
    .addOption(jsonOption())
    .action(async (jobId: string, options: SetOptions) => exitWith(setSchedule(connect(), jobId, options)));
  schedules
    .command('log [job_id]')
    .description(say('the last runs, and what they brought', '最近的运行记录与结果'))
    .option('--limit <runs>', say('how many, up to 100', '条数，最多 100'))
    .addOption(jsonOption())
    .action(async (jobId: string | undefined, options: Shown & { limit?: string }) =>
      exitWith(showScheduleLog(connect(), jobId, options)),
    );
}
