/** Commands about supervisors. */
import type { Command } from 'commander';
import type { Shown } from './json.ts';
import { say } from './language.ts';
import { connect, exitWith, jsonOption } from './program-parts.ts';
import { drain, resume, showSupervisors } from './supervisors.ts';

export function addSupervisorCommands(program: Command): void {
  program
    .command('supervisors')
    .description(say('who works, and at how much', '各 supervisor 及其状态'))
    .addOption(jsonOption())
    .action(async (shown: Shown) => exitWith(showSupervisors(connect(), shown)));
  program
    .command('drain <supervisor_id>')
    .description(
      say(
        'let a supervisor end what it runs, and take nothing new',
        '排空：完成运行中的任务，不再领取新任务',
      ),
    )
    .addOption(jsonOption())
    .action(async (id: string, shown: Shown) => exitWith(drain(connect(), id, shown)));
  program
    .command('resume <supervisor_id>')
    .description(say('let a supervisor that drains take tasks again', '让排空的 supervisor 恢复领取任务'))
    .addOption(jsonOption())
    .action(async (id: string, shown: Shown) => exitWith(resume(connect(), id, shown)));
}
