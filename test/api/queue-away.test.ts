import t, { type Test } from 'tap';
import { type Answer, type Api, snapshot, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

/** Everything of the API that needs the queue, with a task that exists. */
const CALLS = (api: Api, taskId: string): Record<string, () => Promise<Answer>> => ({
  submit: () => api.post('/api/v1/tasks', { dataset: 'stock_basic' }),
  'submit of an unknown dataset': () => api.post('/api/v1/tasks', { dataset: 'nothing' }),
  query: () => api.get(`/api/v1/tasks/${taskId}`),
  'query of an unknown task': () => api.get('/api/v1/tasks/no-such-task'),
  list: () => api.get('/api/v1/tasks'),
  cancel: () => api.post(`/api/v1/tasks/${taskId}/cancel`),
  stop: () => api.post(`/api/v1/tasks/${taskId}/stop`),
  retry: () => api.post(`/api/v1/tasks/${taskId}/retry`),
  group: () => api.post('/api/v1/executions', { datasets: ['stock_basic'] }),
  'list of executions': () => api.get('/api/v1/executions'),
  'query of an execution': () => api.get('/api/v1/executions/any'),
  'stop of an execution': () => api.post('/api/v1/executions/any/stop'),
  'partial retry': () => api.post('/api/v1/executions/any/retry'),
});

/** Longest time a caller waits for the refusal: the gate's second and some air. */
const REFUSED_WITHIN_MS = 1500;

async function allRefused(t: Test, api: Api, taskId: string, expected: { reason: RegExp }) {
  for (const [name, call] of Object.entries(CALLS(api, taskId))) {
    const answer = await call();
    t.equal(answer.status, 503, `${name}: status`);
    t.match(
      answer.body,
      { success: false, code: 'QUEUE_UNAVAILABLE', message: expected.reason, data: null },
      `${name}: says why`,
    );
    t.ok(answer.ms < REFUSED_WITHIN_MS, `${name}: within ${REFUSED_WITHIN_MS} ms (${answer.ms.toFixed(0)})`);
  }
}

t.test('REDIS_ENABLED=false: every call is refused, and Redis is not touched', async (t) => {
  const redis = await freshRedis(t);
  const open = await startApi(t, { REDIS_URL: redis.url });
  const { task_id } = (await open.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  const before = await snapshot(redis.url);

  const api = await startApi(t, { REDIS_URL: redis.url, REDIS_ENABLED: 'false' });
  await allRefused(t, api, task_id, { reason: /REDIS_ENABLED=false/ });
  t.same(await snapshot(redis.url), before, 'nothing changed');
  const health = await api.get('/health');
  t.match(health.body, { status: 'degraded', queue: { available: false, reason: 'disabled' } });
});

t.test('no REDIS_URL: every call is refused', async (t) => {
  const api = await startApi(t);
  await allRefused(t, api, 'any', { reason: /Redis/ });
});

t.test(
  'Redis stopped: every call is refused; when it is back all is as before and web goes on',
  async (t) => {
    const redis = await freshRedis(t);
    const api = await startApi(t, { REDIS_URL: redis.url });
    const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
    const before = await snapshot(redis.url);

    await redis.stop();
    await allRefused(t, api, task_id, { reason: /Redis does not answer/ });
    t.match((await api.get('/health')).body, {
      status: 'degraded',
      queue: { available: false, reason: 'unreachable' },
      supervisors: { alive: null },
    });

    await redis.restart();
    t.same(await snapshot(redis.url), before, 'nothing changed');
    const status = await until(
      () => api.get(`/api/v1/tasks/${task_id}`),
      (answer) => answer.status === 200,
    );
    t.equal(status.body.data.status, 'pending');
    t.equal((await api.post('/api/v1/tasks', { dataset: 'trade_cal' })).status, 202);
  },
);

t.test('Redis hangs: every call is refused in bounded time; nothing of it happens afterwards', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).body.data;
  const before = await snapshot(redis.url);

  redis.freeze();
  t.teardown(() => redis.thaw());
  await allRefused(t, api, task_id, { reason: /Redis does not answer/ });
  const health = await api.get('/health');
  t.match(health.body, { status: 'degraded', queue: { available: false, reason: 'unreachable' } });
  t.ok(health.ms < 2500, `health answers in bounded time (${health.ms.toFixed(0)} ms)`);

  redis.thaw();
  const answer = await until(
    () => api.get(`/api/v1/tasks/${task_id}`),
    (answer) => answer.status === 200,
  );
  t.equal(answer.body.data.status, 'pending', 'the cancel that was refused did not happen');
  t.same(await snapshot(redis.url), before, 'nothing changed');
});

t.test('web starts while Redis is away and works when it comes', async (t) => {
  const redis = await freshRedis(t);
  await redis.stop();
  const api = await startApi(t, { REDIS_URL: redis.url });
  t.equal((await api.get('/ready')).status, 200);
  await allRefused(t, api, 'any', { reason: /Redis does not answer/ });
  await redis.restart();
  const answer = await until(
    () => api.post('/api/v1/tasks', { dataset: 'stock_basic' }),
    (answer) => answer.status === 202,
  );
  t.equal(answer.body.data.status, 'pending');
});

/** Asks again until the answer is as wished; each refusal takes its time at the gate, so this doesn't spin. */
async function until(ask: () => Promise<Answer>, wished: (answer: Answer) => boolean): Promise<Answer> {
  const end = performance.now() + 10_000;
  for (;;) {
    const answer = await ask();
    if (wished(answer)) return answer;
    if (performance.now() > end) throw new Error(`still ${answer.status} after 10 s: ${answer.text}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
