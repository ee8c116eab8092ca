/** How the commands of `dayline` are spelled, part by part. */
import { Command } from 'commander';
import { addExamples } from './examples.ts';
import { say } from './language.ts';
import { addDataCommands } from './program-data.ts';
import { addScheduleCommands } from './program-schedules.ts';
import { addSetupCommands } from './program-setup.ts';
import { addSupervisorCommands } from './program-supervisors.ts';
import { addTaskCommands } from './program-tasks.ts';

/** Builds the program. Its commands set process.exitCode and throw CliError or ConfigError. */
export function buildProgram(): Command {
  const program = new Command('dayline')
    .helpOption('-h, --help', say('show help', '显示帮助'))
    .helpCommand('help [command]', say('show help of a command', '显示某个命令的帮助'))
    .description(
      say(
        'Keeps a complete copy of TuShare market data in your own PostgreSQL.',
        '在你自己的 PostgreSQL 中保存一份完整、正确的 TuShare 行情数据。',
      ),
    )
    .addHelpText(
      'after',
      say(
        '\nThe web process is found by DAYLINE_URL, else where `dayline up` runs, else at http://127.0.0.1:8710.\nDAYLINE_API_TOKEN is sent as bearer token.\nTimes are those of Shanghai (UTC+8); --json has them as the API does, with their zone.',
        '\n服务地址依次取 DAYLINE_URL、正在运行的 `dayline up`、http://127.0.0.1:8710。\nDAYLINE_API_TOKEN 作为 bearer 令牌发送。\n时间均为上海时间（UTC+8）；--json 中与 API 相同，带时区。',
      ),
    )
    .showSuggestionAfterError();
  addSetupCommands(program);
  addTaskCommands(program);
  addDataCommands(program);
  addScheduleCommands(program);
  addSupervisorCommands(program);
  addExamples(program);
  return program;
}
