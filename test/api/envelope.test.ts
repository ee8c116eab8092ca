import { gzipSync } from 'node:zlib';
import t from 'tap';
import { startApi } from '../support/api.ts';

t.test('every answer under the prefix is an envelope, also where there is nothing', async (t) => {
  const api = await startApi(t);
  const answers = [
    await api.get('/api/v1/nothing'),
    await api.get('/nothing?with=query'),
    await api.post('/api/v1/datasets'),
    await api.get('/api/v1/%zz'),
    await api.get('/api/v1/datasets'),
    await api.get('/api/v1/datasets/dally'),
    await api.get('/api/v1/code-changes?offset=-1'),
    await api.get('/api/v1/tasks?limit=0'),
    await api.get('/api/v1/tasks?status=retrying'),
    await api.get('/api/v1/tasks?page=2'),
    await api.get(`/api/v1/tasks/${'x'.repeat(101)}`),
  ];
  const seen = answers.map(({ status, body }) => [status, body?.code]);
  for (const { text, body, headers } of answers) {
    t.same(Object.keys(body ?? {}), ['success', 'code', 'message', 'data'], text);
    t.match(headers.get('content-type'), /^application\/json/);
  }
  t.same(seen, [
    [404, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [404, 'NOT_FOUND'],
    [200, 'DATASETS_RETRIEVED'],
    [404, 'UNKNOWN_DATASET'],
    [400, 'VALIDATION_FAILED'],
    [400, 'VALIDATION_FAILED'],
    [400, 'VALIDATION_FAILED'],
    [400, 'VALIDATION_FAILED'],
    [404, 'NOT_FOUND'],
  ]);
});

t.test('an unexpected error tells nothing of the inside', async (t) => {
  const { buildServer } = await import('../../src/api/server.ts');
  const { testConfig } = await import('../support/api.ts');
  const { Catalogue } = await import('../../src/datasets/catalogue.ts');
  const { HistoryReader } = await import('../../src/api/history-reader.ts');
  const { PostgresProbe } = await import('../../src/api/postgres-probe.ts');
  const config = testConfig();
  const app = await buildServer({
    config,
    catalogue: new Catalogue([]),
    redis: null,
    queue: null,
    postgres: new PostgresProbe(config),
    history: new HistoryReader(config),
  });
  t.teardown(() => app.close());
  app.get('/api/v1/breaks', () => {
    throw new Error('secret of the inside at /home/somebody');
  });
  const answer = await app.inject('/api/v1/breaks');
  t.equal(answer.statusCode, 500);
  t.same(answer.json(), {
    success: false,
    code: 'INTERNAL_SERVER_ERROR',
    message: '服务器内部错误，请稍后重试',
    data: null,
  });
});

t.test('a large answer is compressed for who understands it, a small one and a body never', async (t) => {
  const api = await startApi(t);
  const plain = await api.get('/api/v1/datasets', { 'accept-encoding': 'identity' });
  t.equal(plain.headers.get('content-encoding'), null);
  const packed = await api.get('/api/v1/datasets', { 'accept-encoding': 'br, gzip' });
  t.equal(packed.headers.get('content-encoding'), 'gzip');
  t.match(packed.headers.get('vary'), /accept-encoding/i);
  t.equal(packed.text, plain.text, 'the same, unpacked');
  const small = await api.get('/api/v1/datasets/dally', { 'accept-encoding': 'gzip' });
  t.equal(small.headers.get('content-encoding'), null);
  const bomb = gzipSync(JSON.stringify({ dataset: 'daily' }));
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const sent = await fetch(`${api.url}/api/v1/tasks`, { method: 'POST', headers, body: bomb });
  t.match([sent.status, await sent.json()], [400, { success: false }], 'nobody unpacks what is sent');
});

t.test('the catalogue is told without a queue and without a database', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  const list = (await api.get('/api/v1/datasets')).body.data.datasets;
  t.match(
    list.find(({ name }: { name: string }) => name === 'daily'),
    { api_name: 'daily', title: { zh: String, en: String }, modes: ['history', 'backfill'], row_cap: 6000 },
  );
  const { data } = (await api.get('/api/v1/datasets/daily')).body;
  t.same(data.key, ['ts_code', 'trade_date']);
  t.match(data.fields[0], { name: 'ts_code', type: 'text', required: true });
  const unknown = await api.get('/api/v1/datasets/dayly');
  t.match(unknown.body.message, /did you mean daily\?/);
});

t.test('the OpenAPI description is served and names every route', async (t) => {
  const api = await startApi(t);
  const page = await api.get('/docs/');
  t.equal(page.status, 200);
  const { body } = await api.get('/docs/json');
  t.same(Object.keys(body.paths).sort(), [
    '/api/v1/actions',
    '/api/v1/activity',
    '/api/v1/activity/runs',
    '/api/v1/code-changes',
    '/api/v1/coverage',
    '/api/v1/datasets',
    '/api/v1/datasets/{name}',
    '/api/v1/datasets/{name}/coverage',
    '/api/v1/datasets/{name}/days/{date}',
    '/api/v1/datasets/{name}/gaps',
    '/api/v1/datasets/{name}/plan',
    '/api/v1/datasets/{name}/rows',
    '/api/v1/datasets/{name}/symbols/{ts_code}',
    '/api/v1/datasets/{name}/sync',
    '/api/v1/events',
    '/api/v1/executions',
    '/api/v1/executions/{id}',
    '/api/v1/executions/{id}/retry',
    '/api/v1/executions/{id}/stop',
    '/api/v1/freshness',
    '/api/v1/history/executions',
    '/api/v1/history/tasks',
    '/api/v1/limits',
    '/api/v1/limits/{scope}/reopen',
    '/api/v1/proxy/test',
    '/api/v1/scheduler/executions',
    '/api/v1/scheduler/firings',
    '/api/v1/scheduler/jobs',
    '/api/v1/scheduler/jobs/{job_id}',
    '/api/v1/scheduler/jobs/{job_id}/schedule',
    '/api/v1/scheduler/jobs/{job_id}/start',
    '/api/v1/scheduler/jobs/{job_id}/stop',
    '/api/v1/scheduler/jobs/{job_id}/trigger',
    '/api/v1/scheduler/reports',
    '/api/v1/scheduler/status',
    '/api/v1/search',
    '/api/v1/session',
    '/api/v1/supervisors',
    '/api/v1/supervisors/{supervisor_id}/drain',
    '/api/v1/supervisors/{supervisor_id}/resume',
    '/api/v1/tasks',
    '/api/v1/tasks/bulk',
    '/api/v1/tasks/{id}',
    '/api/v1/tasks/{id}/cancel',
    '/api/v1/tasks/{id}/retry',
    '/api/v1/tasks/{id}/runs',
    '/api/v1/tasks/{id}/stop',
    '/health',
    '/metrics',
    '/ready',
  ]);
});

t.test('every route refuses a query that it does not know, and says which', async (t) => {
  const api = await startApi(t, { REDIS_ENABLED: 'false' });
  const { paths } = (await api.get('/docs/json')).body;
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => ({ method, path })),
  );
  for (const { method, path } of routes) {
    const url = `${api.url}${path.replaceAll(/\{\w+\}/g, 'a1')}?no_such=1`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(
      url,
      method === 'get' ? {} : { method: method.toUpperCase(), headers, body: '{}' },
    );
    const { code, message } = (await answer.json()) as { code: string; message: string };
    t.same([answer.status, code], [400, 'VALIDATION_FAILED'], `${method} ${path}`);
    if (method === 'get') t.match(message, /query\.no_such is not known here/, path);
  }
});

t.test('the root leads to the documentation', async (t) => {
  const api = await startApi(t);
  const { status, headers } = await api.get('/');
  t.match(status, 200, 'the redirect was followed');
  t.match(headers.get('content-type'), /^text\/html/);
});
