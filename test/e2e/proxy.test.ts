// R58: with a proxy configured, a real one, data arrives and the test of the way answers; without it nothing does.
import t from 'tap';
import type { TaskView } from '../../src/api/task-view.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { submit, until } from '../support/queue.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { startTinyproxy, TINYPROXY_PASSWORD } from '../support/tinyproxy.ts';

t.test('behind tinyproxy data arrives, and the connection test tells the latency', async (t) => {
  const proxy = await startTinyproxy(t);
  const stack = await startStack(t, { TUSHARE_PROXY_URL: proxy.url });
  const api = await startApi(t, stack.env);
  await startSupervisor(t, stack.env);

  const sync = await submit(stack.queue, 'stock_basic');
  const done = await until(stack.queue, sync, ({ status }) => status === 'completed', 60_000);
  t.ok(done.records_processed > 1_000, `${done.records_processed} rows`);
  const { rows } = await stack.database.query('select count(*) as stored from stock_basic');
  t.equal(Number(rows[0].stored), done.records_processed);
  const calls = await stack.simulator.log();
  const forwarded = () => proxy.log().match(/POST http:\/\/127\.0\.0\.1:\d+\/ HTTP/g)?.length ?? 0;
  t.ok(calls.length > 0);
  t.equal(forwarded(), calls.length, 'every call went through the proxy');

  const answer = await api.post('/api/v1/proxy/test');
  t.equal(answer.status, 202);
  const { task_id } = answer.body.data as TaskView;
  await until(stack.queue, task_id, ({ status }) => status === 'completed');
  const { progress_message } = (await api.get(`/api/v1/tasks/${task_id}`)).body.data as TaskView;
  t.match(
    progress_message,
    new RegExp(
      `^TuShare \\(127\\.0\\.0\\.1:\\d+\\) answered through the proxy 127\\.0\\.0\\.1:${proxy.port} within \\d+ ms, its permit included; [\\d.]+ ms to connect\\.$`,
    ),
  );
  t.notMatch(progress_message, TINYPROXY_PASSWORD);

  const doctor = await dayline(t, ['doctor', '--call', '--json'], { ...stack.env, DAYLINE_URL: api.url });
  const { ok, checks } = JSON.parse(doctor.stdout);
  t.same([doctor.code, ok], [0, true], doctor.stdout);
  const found = Object.fromEntries(checks.map((one: { check: string }) => [one.check, one]));
  t.match(found.proxy, {
    status: 'ok',
    message: new RegExp(`through the proxy 127\\.0\\.0\\.1:${proxy.port}: [\\d.]+ ms`),
  });
  t.match(found.call, { status: 'ok', message: /^TuShare .* answered through the proxy/ });
  t.equal(forwarded(), (await stack.simulator.log()).length);
});

t.test('behind a dead proxy nothing arrives, and everybody says which proxy', async (t) => {
  const proxy = 'http://user:secret-word@127.0.0.1:1';
  const stack = await startStack(t, { TUSHARE_PROXY_URL: proxy });
  const api = await startApi(t, stack.env);
  const supervisor = await startSupervisor(t, stack.env);
  const { task_id } = (await api.post('/api/v1/proxy/test')).body.data as TaskView;
  const failed = await until(stack.queue, task_id, ({ status }) => status === 'failed');
  t.match(failed, {
    last_error_type: 'network',
    error_message: /the proxy 127\.0\.0\.1:1 can't be reached \(ECONNREFUSED\)/,
  });
  const sync = await submit(stack.queue, 'stock_basic', { max_attempts: 1 });
  const broken = await until(stack.queue, sync, ({ status }) => status === 'failed');
  t.match(broken, {
    last_error_type: 'network',
    error_message: /through the proxy 127\.0\.0\.1:1 \(ECONNREFUSED\)/,
  });
  t.same(await stack.simulator.log(), [], 'no direct call');

  const doctor = await dayline(t, ['doctor', '--call'], { ...stack.env, DAYLINE_URL: api.url });
  t.equal(doctor.code, 1);
  t.match(
    doctor.stdout,
    /FAILED +proxy +the proxy 127\.0\.0\.1:1 can't be reached \(ECONNREFUSED\)\.\n +→ Look at TUSHARE_API_URL/,
  );
  t.match(doctor.stdout, /FAILED +call +network: the proxy 127\.0\.0\.1:1 can't be reached/);
  t.notMatch(`${doctor.stdout}${JSON.stringify(supervisor.log)}`, 'secret-word');
});

t.test('without a token the test of the way is refused at once', async (t) => {
  const stack = await startStack(t, {});
  const api = await startApi(t, { ...stack.env, TUSHARE_TOKEN: '' });
  const answer = await api.post('/api/v1/proxy/test');
  t.match(answer, { status: 422, body: { code: 'TUSHARE_TOKEN_MISSING' } });
});
