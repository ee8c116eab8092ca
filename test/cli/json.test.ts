/** --json: what the API answered, whole, and nothing else on stdout. */
import type { Command } from 'commander';
import t from 'tap';
import { buildProgram } from '../../src/cli/program.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';

/** They answer with a process, a progress bar, a URL, or a script. */
const WITHOUT = new Set(['up', 'migrate', 'watch', 'database', 'completion']);

t.test('every command that tells something has it', async (t) => {
  const leaves = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  const without = leaves(buildProgram())
    .filter((command) => !command.options.some(({ long }) => long === '--json'))
    .map((command) => command.name());
  t.strictSame(
    without.filter((name) => !WITHOUT.has(name)),
    [],
  );
});

t.test('every command has examples, each of which is a command', async (t) => {
  const program = buildProgram();
  const leaves = (command: Command): Command[] =>
    command.commands.length === 0 ? [command] : command.commands.flatMap(leaves);
  for (const command of leaves(program)) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    const [, examples = ''] = /Examples[^\n]*:\n(.*)$/s.exec(help) ?? [];
    const said = [...examples.matchAll(/\bdayline ([a-z-]+)/g)].map(([, name]) => name);
    t.ok(said.length > 0, `${command.name()} has none`);
    for (const name of said)
      t.ok(
        program.commands.some((one) => one.name() === name),
        `dayline ${name}`,
      );
  }
});

t.test('tasks: submitted, shown, cancelled', async (t) => {
  const api = await startApi(t, { REDIS_URL: (await freshRedis(t)).url });
  const json = async (...args: string[]) => {
    const ended = await dayline(t, [...args, '--json'], { DAYLINE_URL: api.url });
    t.equal(ended.code, 0, ended.stderr);
    return JSON.parse(ended.stdout);
  };
  const submitted = await json('submit', 'daily', '--from', '20190101', '--to', '20191231');
  t.match(submitted, { job_type: 'daily.history', status: 'pending' });

  const shown = await json('status', submitted.task_id);
  t.strictSame(shown, (await api.get(`/api/v1/tasks/${submitted.task_id}`)).body.data);
  const overview = await json('status');
  t.match(overview, {
    health: { queue: { available: true } },
    tasks: [{ task_id: submitted.task_id }],
  });
  const list = await json('tasks', '--type', 'daily.history', '--status', 'pending');
  t.match(list, { tasks: [{ task_id: submitted.task_id }], next_cursor: null, looked_at: 1 });
  t.match(await json('cancel', submitted.task_id), { status: 'cancelled' });

  const execution = await json('execute', 'stock_basic', 'trade_cal');
  t.match(execution, { tasks: [{ job_type: 'stock_basic.full' }, { job_type: 'trade_cal.full' }] });
  t.match(await json('status', execution.execution_id), { status: 'pending', total: 2 });
  t.match(await json('executions'), [{ execution_id: execution.execution_id }]);
  t.match(await json('limits'), { pools: [{ limit: 195 }] });
  t.equal((await json('datasets', '--group', 'daily_close')).length > 5, true);
  t.match(await json('settings'), { REDIS_URL: { type: 'string' } });
});

t.test('errors stay lines on stderr', async (t) => {
  const api = await startApi(t, { REDIS_URL: (await freshRedis(t)).url });
  t.match(await dayline(t, ['submit', 'dayly', '--json'], { DAYLINE_URL: api.url }), {
    code: 1,
    stdout: '',
    stderr: /^UNKNOWN_DATASET/,
  });
});
