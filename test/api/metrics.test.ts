/** GET /metrics in the form that Prometheus reads, beside what GET /limits and /health say. */
import t from 'tap';
import { Closures } from '../../src/limits/closures.ts';
import { connect, openWindow, windowConfig } from '../limits/support/window.ts';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';

const SETTINGS = { limit: 195, windowSeconds: 60 };

/** Name and labels → value. @throws Error for a line that is no sample and no comment */
function samplesOf(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line && !line.startsWith('#'));
  return new Map(
    samples.map((line) => {
      const [, name, value] =
        /^([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (-?[\d.]+)$/.exec(line) ?? [];
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
  for (const name of new Set(names)) t.match(answer.text, new RegExp(`^# TYPE ${name} gauge$`, 'm'));

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

t.test('without Redis one figure says so', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  const { status, text } = await api.get('/metrics');
  t.equal(status, 200);
  t.strictSame([...samplesOf(text)], [['dayline_queue_available', 0]]);
});
