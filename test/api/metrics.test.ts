/** GET /metrics in the form that Prometheus reads, beside what GET /limits and /health say. */
import fs from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { Closures } from '../../src/limits/closures.ts';
import { connect, openWindow, windowConfig } from '../limits/support/window.ts';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const SETTINGS = { limit: 195, windowSeconds: 60 };

/** Name and labels → value. @throws Error for a line that is no sample and no comment */
function samplesOf(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, name, value] =
        /^([a-z_]+(?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})?) (-?[\d.]+)$/.exec(line) ?? [];
      if (!name) throw new Error(`no sample: ${line}`);
      return [name, Number(value)];
    }),
  );
}

t.test('queue, supervisors and the budget of calls', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const queue = await openTestQueue(t, redis.url);
  const window = await openWindow(t, redis.url, SETTINGS, { process: 'sup-1' });
  for (let i = 0; i < 3; i++) (await window.acquire('daily')).used();
  await submit(queue, 'daily');
  await submit(queue, 'weekly', { priority: 0 });
  const answer = await api.get('/metrics');
  t.match(answer.headers.get('content-type'), /^text\/plain; version=0\.0\.4/);
  const samples = samplesOf(answer.text);
  const wanted = {
    dayline_queue_available: 1,
    'dayline_tasks{state="queued",priority="high"}': 1,
    'dayline_tasks{state="queued",priority="normal"}': 1,
    'dayline_tasks{state="running",priority=""}': 0,
    dayline_supervisors: 0,
    dayline_supervisors_draining: 0,
    'dayline_calls_limit{kind="token",api=""}': 195,
    'dayline_calls_used{kind="token",api=""}': 3,
    'dayline_calls_free{kind="token",api=""}': 192,
    dayline_calls_open_in_seconds: 0,
    'dayline_calls_today{api="daily"}': 3,
  };
  t.match(Object.fromEntries(samples), wanted);
  const nextFree = samples.get('dayline_calls_next_free_seconds{kind="token",api=""}') ?? 0;
  t.ok(nextFree > 30 && nextFree < 61, `the next is free in ${nextFree} s`);
  const names = [...samples.keys()].map((name) => name.split('{')[0]);
  for (const name of new Set(names))
    t.match(
      answer.text,
      new RegExp(`^# TYPE ${name} ${name?.endsWith('_total') ? 'counter' : 'gauge'}$`, 'm'),
    );

  await new Closures(connect(t, redis.url), windowConfig(SETTINGS)).close(
    'all',
    null,
    'by the test',
    'banned',
  );
  const after = samplesOf((await api.get('/metrics')).text);
  t.equal(after.get('dayline_calls_closed{scope="all",kind="banned"}'), 1);
});

t.test('it needs a token that may read, where there are tokens', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, {
    REDIS_URL: redis.url,
    API_READ_TOKENS: 'reader',
    API_OPERATE_TOKENS: 'op',
  });
  t.equal((await api.get('/metrics')).status, 401);
  t.equal((await api.get('/metrics', { authorization: 'Bearer reader' })).status, 200);
});

t.test('without Redis and Postgres two figures say so', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  const { status, text } = await api.get('/metrics');
  t.equal(status, 200);
  t.strictSame(
    [...samplesOf(text)],
    [
      ['dayline_queue_available', 0],
      ['dayline_postgres_available', 0],
    ],
  );
});

/** Every name of a metric in a text: of a query of Grafana, or of the answer. */
const namesIn = (text: string): string[] => [...new Set(text.match(/\bdayline_[a-z_]+/g))].sort();

t.test(
  'threads, kills, rows, coverage and durations after a sync; Grafana asks for what is there',
  async (t) => {
    const stack = await startStack(t, {});
    const api = await startApi(t, stack.env);
    const supervisor = await startSupervisor(t, { ...stack.env, SUPERVISOR_THREADS: '2' });
    const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'trade_cal' })).body.data;
    await until(stack.queue, task_id, ({ status }) => status === 'completed', 60_000);
    while ((await stack.queue.depth()).unaudited > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    const { text } = await api.get('/metrics');
    const samples = samplesOf(text);
    const one = (name: string) => {
      const [found] = [...samples].filter(([sample]) => sample.startsWith(name));
      return found?.[1];
    };
    const stored = await stack.database.query('SELECT count(*)::int AS rows FROM trade_cal');
    t.equal(one('dayline_sync_rows_total{job_type="trade_cal.full"'), stored.rows[0].rows);
    t.equal(one('dayline_coverage_rows{dataset="trade_cal"'), stored.rows[0].rows);
    t.ok((one('dayline_coverage_partitions{dataset="trade_cal",state="complete"') ?? 0) > 0);
    t.equal(one('dayline_tasks_ended{job_type="trade_cal.full",status="completed"'), 1);
    const median = one('dayline_task_duration_seconds{job_type="trade_cal.full",quantile="0.5"') ?? 0;
    t.ok(median > 0 && median < 60, `${median} s`);
    t.equal(one('dayline_thread_kills_total{supervisor='), 0);
    const threads = [...samples].filter(([name]) => name.startsWith('dayline_threads{'));
    t.equal(
      threads.reduce((sum, [, count]) => sum + count, 0),
      2,
    );
    t.equal(one('dayline_postgres_available'), 1);

    const dashboard = JSON.parse(fs.readFileSync(path.join(ROOT, 'deploy/grafana/dayline.json'), 'utf8'));
    const asked = namesIn(
      JSON.stringify(dashboard.panels.map(({ targets }: { targets: unknown }) => targets)),
    );
    const served = namesIn(text.match(/^# TYPE .*$/gm)?.join('\n') ?? '');
    t.same(
      asked.filter((name) => !served.includes(name)),
      [],
      'nothing is asked for that is not there',
    );
    t.same(
      served.filter((name) => !asked.includes(name)),
      [],
      'and nothing is there that is not shown',
    );
    const ids = dashboard.panels.map(({ id }: { id: number }) => id);
    t.equal(new Set(ids).size, ids.length);
    await supervisor.stop();
  },
);
