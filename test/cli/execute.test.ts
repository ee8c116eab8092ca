/** `dayline execute`: groups, backfills and lists with dependencies from a terminal. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { API_ERRORS } from '../../src/errors.ts';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { startApi } from '../support/api.ts';
import { dayline, program } from '../support/cli.ts';
import { freshFolder } from '../support/folder.ts';
import { freshRedis } from '../support/redis.ts';

async function setUp(t: Test) {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const env = { DAYLINE_URL: api.url };
  const execute = (...args: string[]) => dayline(t, ['execute', ...args], env);
  const newest = async () => {
    const [execution] = (await api.get('/api/v1/executions')).body.data.executions;
    return (await api.get(`/api/v1/executions/${execution.execution_id}`)).body.data;
  };
  return { redis, api, env, execute, newest };
}

t.test('a group: each dataset after those of the group that it needs', async (t) => {
  const { execute, newest } = await setUp(t);
  const submitted = await execute(
    'daily',
    'stock_basic',
    'trade_cal',
    '--priority',
    'high',
    '--timeout',
    '99',
  );
  t.equal(submitted.code, 0, submitted.stderr);
  const { execution_id, kind, tasks } = await newest();
  t.equal(kind, 'group');
  t.match(submitted.stdout, new RegExp(`^Submitted: .*daily\\.history.* ${execution_id}\n`));
  const bars = tasks.find(({ key }: { key: string }) => key === 'daily');
  t.match(
    submitted.stdout,
    new RegExp(`^${bars.task_id}  daily +daily\\.history +(stock_basic|trade_cal) \\w+$`, 'm'),
  );
  t.match(bars, { priority: 'high', timeout_seconds: 99, depends_on: [String, String] });
});

t.test('a backfill: one task a date; stopped, and run again', async (t) => {
  const { execute, newest, env, redis } = await setUp(t);
  t.equal((await execute('daily', '--dates', '20190104, 2019-01-03')).code, 0);
  t.match(await newest(), {
    kind: 'backfill',
    tasks: [{ params: { dates: ['20190103'] } }, { params: { dates: ['20190104'] } }],
  });
  const { execution_id } = await newest();
  t.match(await dayline(t, ['stop', execution_id], env), { code: 0, stdout: /2 tasks cancelled/ });
  t.match(await dayline(t, ['retry', execution_id], env), { code: 0, stdout: /2 tasks run again/ });
  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const logged = (await connection.lrange('{stock}:actions', 0, -1)).map((action) => JSON.parse(action));
  t.same(
    logged.map(({ route, outcome }) => `${route.split('/').at(-1)} ${outcome}`),
    ['executions EXECUTION_SUBMITTED', 'stop EXECUTION_STOPPING', 'retry EXECUTION_RETRIED'],
    'and nothing else stands in the log of actions',
  );
});

t.test('a file: tasks with dependencies, as the help shows them', async (t) => {
  const { execute, newest, env } = await setUp(t);
  const help = await dayline(t, ['execute', '--help'], env);
  const [example = ''] = /\[\{"key"[\s\S]*\]/.exec(help.stdout) ?? [];
  const file = path.join(freshFolder(t, 'tasks'), 'tasks.json');
  writeFileSync(file, example);
  const submitted = await execute('--file', file);
  t.match(submitted, { code: 0, stderr: '' });
  const { tasks } = await newest();
  t.match(tasks, [
    { key: 'list', dataset: 'stock_basic', depends_on: [] },
    { key: 'bars', params: { start_date: '20261001' }, depends_on: [tasks[0].task_id] },
  ]);
});

t.test(
  'it is followed to its end, also by `dayline watch`, and the exit code tells how it ended',
  async (t) => {
    const { redis, env, newest } = await setUp(t);
    const connection = new Redis(redis.url);
    t.teardown(() => connection.disconnect());
    const queue = new Queue(connection, 'stock');
    const following = program(t, 'cli.ts', ['execute', 'stock_basic', 'trade_cal', '--watch'], env);
    await following.prints(/2 tasks: 0 completed, 0 running, 2 waiting/);
    const { execution_id } = await newest();
    const watching = program(t, 'cli.ts', ['watch', execution_id], env);
    await watching.prints(/2 waiting/);
    const [first, second] = await queue.claim({ supervisor_id: 's', free: 2, lease_ms: LEASE_MS });
    const end = (run: typeof first) => ({
      task_id: run?.task_id ?? '',
      fence: run?.fence ?? 0,
      supervisor_id: 's',
    });
    await queue.finish([{ ...end(first), outcome: { kind: 'completed', records_processed: 1 } }]);
    await watching.prints(/1 completed, 1 running/);
    const outcome = { kind: 'failed', error_type: 'invalid_params', error_message: 'no' } as const;
    await queue.finish([{ ...end(second), outcome }]);
    for (const { ended } of [following, watching]) {
      const { code, stdout } = await ended;
      t.equal(code, 1);
      t.match(stdout, new RegExp(`1 completed, .* 1 failed, .*\n${execution_id}  .*  failed\n$`));
    }
  },
);

t.test('what can not be meant is one line, and nothing is submitted', async (t) => {
  const { api, execute } = await setUp(t);
  const faults: [args: string[], stderr: RegExp][] = [
    [[], /^USAGE: name datasets, or a file with --file\.\n$/],
    [['daily', 'trade_cal', '--dates', '20190103'], /^USAGE: --dates goes with one dataset\.\n$/],
    [['daily', '--file', 'x.json'], /^USAGE: --file names the tasks.*\n$/],
    [['--file', '/no/such/file.json'], /^USAGE: \/no\/such\/file\.json can't be read: ENOENT\.\n$/],
    [['--file', import.meta.filename], /^USAGE: .* it is no JSON\.\n$/],
    [['--file', '-'], /^USAGE: - can't be read: it is no JSON\.\n$/],
    [['daily', 'dayly'], /^UNKNOWN_DATASET: .*dayly, did you mean daily\?\n$/],
    [['daily', '--dates', '20190230'], /^INVALID_PARAMS: .*20190230.*\n$/],
    [['daily', '--timeout', 'long'], /^VALIDATION_FAILED: body\.timeout_seconds .*\n$/],
  ];
  for (const [args, stderr] of faults)
    t.match(await execute(...args), { code: 1, stdout: '', stderr }, args.join(' '));
  t.equal((await api.get('/api/v1/executions')).body.data.total, 0);
});

t.test(
  'under a Chinese locale every error code of the API is told in Chinese, with its particulars',
  async (t) => {
    const { inChinese } = await import('../../src/cli/error-words.ts');
    for (const code of Object.keys(API_ERRORS))
      t.match(inChinese(code, 'a b'), /^[^a]*[\u4e00-\u9fff]+.*（a b）$/, code);
    t.equal(inChinese('HTTP_502', 'Bad Gateway'), 'Bad Gateway');
    t.equal(inChinese('constructor', 'x'), 'x');
    const { env } = await setUp(t);
    const chinese = { ...env, LC_ALL: 'zh_CN.UTF-8' };
    t.match(await dayline(t, ['status', 'nobody'], chinese), {
      code: 1,
      stderr: /^TASK_NOT_FOUND: 没有这个任务（There is no task nobody.*）\n$/,
    });
    t.match(await dayline(t, ['execute', 'daily', '--dates', '20190230'], chinese), {
      code: 1,
      stderr: /^INVALID_PARAMS: 参数不正确（.*20190230.*）\n$/,
    });
  },
);
