import t from 'tap';
import { SettingsSchema } from '../../src/config.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { freshFolder } from '../support/folder.ts';
import { freshRedis } from '../support/redis.ts';

t.test('submit, status, cancel: what the API knows, in a terminal', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const env = { DAYLINE_URL: api.url };

  const submitted = await dayline(t, ['submit', 'daily', '--from', '20190101', '--to', '2019-12-31'], env);
  t.equal(submitted.code, 0, submitted.stderr);
  const [, id = ''] = submitted.stdout.match(/Submitted: daily\.history (\S+)/) ?? [];
  t.match((await api.get(`/api/v1/tasks/${id}`)).body.data, {
    status: 'pending',
    params: { start_date: '20190101', end_date: '20191231' },
  });

  const dates = await dayline(
    t,
    ['submit', 'daily', '--dates', '20190104, 20190103', '--priority', 'high', '--timeout', '7200'],
    env,
  );
  t.match(dates.stdout, /Submitted: daily\.backfill/);
  const [newest] = (await api.get('/api/v1/tasks')).body.data.tasks;
  t.match(newest, {
    mode: 'backfill',
    priority: 'high',
    timeout_seconds: 7_200,
    params: { dates: ['20190103', '20190104'] },
  });

  const overview = await dayline(t, ['status'], env);
  t.equal(overview.code, 0);
  t.match(overview.stdout, /Redis +ok/);
  t.match(overview.stdout, /2 waiting \(high 1, normal 0, low 1\)/);
  t.match(overview.stdout, new RegExp(`${id} +daily\\.history +pending`));

  const list = await dayline(t, ['tasks', '--type', 'daily.history'], env);
  t.match(list.stdout, new RegExp(`${id} +daily\\.history +pending[^]*1 task; 2 looked through\\.\n$`));

  const asked = ['tasks', '--dataset', 'daily', '--to', '2020-01-01T00:00:00+08:00'];
  t.match(await dayline(t, asked, env), { code: 0, stdout: /^0 tasks; 2 looked through\.\n$/ });
  const past = await dayline(t, ['tasks', '--history'], env);
  t.match(past, { code: 1, stderr: /^HISTORY_UNAVAILABLE: / });

  const one = await dayline(t, ['status', id], env);
  t.match(one.stdout, /status +pending/);
  t.match(one.stdout, /waiting +No supervisor is alive to run it/, 'and why it waits');
  t.match(one.stdout, /params +\{ start_date: '20190101', end_date: '20191231' \}/);

  const cancelled = await dayline(t, ['cancel', id], env);
  t.equal(cancelled.code, 0);
  t.equal((await api.get(`/api/v1/tasks/${id}`)).body.data.status, 'cancelled');
  t.match(await dayline(t, ['cancel', id], env), { code: 1, stdout: '', stderr: /^TASK_NOT_PENDING: .*\n$/ });
});

t.test('errors are one line with the code, and exit code 1', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, TUSHARE_TOKEN: '' });
  const env = { DAYLINE_URL: api.url };
  const faults: [args: string[], stderr: RegExp][] = [
    [['submit', 'dayly'], /^UNKNOWN_DATASET: .*did you mean daily\?.*\n$/],
    [['submit', 'daily', '--from', '20190230'], /^INVALID_PARAMS: .*20190230.*\n$/],
    [['submit', 'daily', '--from', '20191231', '--to', '20190101'], /^INVALID_PARAMS: .*backwards.*\n$/],
    [['submit', 'daily'], /^TUSHARE_TOKEN_MISSING: .*\n$/],
    [['status', 'nobody'], /^TASK_NOT_FOUND: .*\n$/],
    [['watch', 'nobody'], /^TASK_NOT_FOUND: .*\n$/],
  ];
  for (const [args, stderr] of faults) t.match(await dayline(t, args, env), { code: 1, stdout: '', stderr });
  await redis.stop();
  t.match(await dayline(t, ['submit', 'daily'], env), { code: 1, stderr: /^QUEUE_UNAVAILABLE: .*\n$/ });
  t.match(await dayline(t, ['status'], env), { code: 1, stdout: /Redis +away \(unreachable\)/ });
});

t.test('without a web process it says how to start one', async (t) => {
  const DAYLINE_URL = 'http://127.0.0.1:1';
  t.match(await dayline(t, ['status'], { DAYLINE_URL }), {
    code: 1,
    stdout: '',
    stderr:
      /^WEB_UNREACHABLE: Dayline isn't running at http:\/\/127\.0\.0\.1:1\. Start it with `npm start`.*\n$/,
  });
  t.match(await dayline(t, ['watch', 'any'], { DAYLINE_URL }), { code: 1, stderr: /^WEB_UNREACHABLE: / });
  const chinese = await dayline(t, ['status'], { DAYLINE_URL, LANG: 'zh_CN.UTF-8' });
  t.match(chinese.stderr, /没有运行/);
});

t.test('the bearer token of DAYLINE_API_TOKEN is sent', async (t) => {
  const api = await startApi(t, { API_OPERATE_TOKENS: 'operator' });
  const env = { DAYLINE_URL: api.url };
  t.match(await dayline(t, ['datasets'], env), { code: 1, stderr: /^UNAUTHORIZED: .*\n$/ });
  const listed = await dayline(t, ['datasets'], { ...env, DAYLINE_API_TOKEN: 'operator' });
  t.match(listed, { code: 0, stdout: /^daily +Daily bars.*history backfill.* 120 +-$/m });
  t.match(listed.stdout, /^167 datasets\.$/m, 'those of TuShare, two jobs and the connection test');
  t.match(listed.stdout, /^jobs {2}Jobs of Dayline\n(.*\n)*finance +Financial statements/m);
  t.match(listed.stdout, /^concept +.* retired$/m);
  const widest = Math.max(...listed.stdout.split('\n').map((line) => line.length));
  t.ok(widest <= 120, `no line is longer than a terminal is wide (${widest})`);
  const margin = await dayline(t, ['datasets', '--group', 'margin', '--available'], {
    ...env,
    DAYLINE_API_TOKEN: 'operator',
  });
  t.match(margin, { code: 0, stdout: /^margin +Margin trading\nmargin +Margin trading by exchange /m });
  t.notMatch(margin.stdout, /^daily /m);
});

t.test('the web process of `dayline up` is found by its run file', async (t) => {
  const { writeRun } = await import('../../src/up/run-file.ts');
  const { startOf } = await import('../../bootstrap/lock.mjs');
  const api = await startApi(t);
  const DAYLINE_HOME = freshFolder(t, 'home');
  writeRun(DAYLINE_HOME, {
    up: { pid: process.pid, start: startOf(process.pid) },
    started_at: new Date().toISOString(),
    web: api.url,
    database_url: '',
    redis_url: '',
    processes: [],
  });
  t.match(await dayline(t, ['datasets'], { DAYLINE_HOME }), { code: 0, stdout: /stock_basic/ });
});

t.test('settings lists every setting with its default and meaning', async (t) => {
  const { code, stdout } = await dayline(t, ['settings']);
  t.equal(code, 0);
  for (const name of Object.keys(SettingsSchema.properties)) t.match(stdout, new RegExp(`^${name} `, 'm'));
  t.match(stdout, /^TUSHARE_RATE_LIMIT_MAX_CALLS +195 +Most calls/m);
});

t.test(
  'database: its URL alone on stdout, so that psql can take it; a clear line when there is none',
  async (t) => {
    const home = freshFolder(t, 'home');
    const url = 'postgres://me:secret@127.0.0.1:5432/market';
    t.match(await dayline(t, ['database'], { DATABASE_URL: url, DAYLINE_HOME: home }), {
      code: 0,
      stdout: `${url}\n`,
    });
    const none = await dayline(t, ['database'], { DAYLINE_HOME: home });
    t.equal(none.code, 1);
    t.equal(none.stdout, '');
    t.match(none.stderr, /NOT_RUNNING.*DATABASE_URL.*npm start/);
  },
);
