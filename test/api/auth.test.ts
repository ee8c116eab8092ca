import { get } from 'node:http';
import t from 'tap';
import { startWeb } from '../../src/api/web.ts';
import { ConfigError } from '../../src/errors.ts';
import { startApi, testConfig } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

t.test('an address that others reach is refused without operate tokens', async (t) => {
  for (const HOST of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    await t.rejects(startWeb(testConfig({ HOST, API_READ_TOKENS: 'reader' })), {
      name: 'ConfigError',
      message: /API_OPERATE_TOKENS/,
    });
  }
  const error = await startWeb(testConfig({ HOST: '0.0.0.0' })).catch((error) => error);
  t.ok(error instanceof ConfigError);
});

t.test('with operate tokens it may listen anywhere, and asks for them', async (t) => {
  const api = await startApi(t, { HOST: '0.0.0.0', API_OPERATE_TOKENS: 'operator' });
  t.equal((await api.get('/api/v1/datasets')).status, 401);
  t.equal((await api.get('/api/v1/datasets', bearer('operator'))).status, 200);
});

t.test('readers read, operators do all, strangers nothing; health is open', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, {
    REDIS_URL: redis.url,
    API_READ_TOKENS: 'reader-1, reader-2',
    API_OPERATE_TOKENS: 'operator-1,operator-2',
  });
  const submit = (headers: Record<string, string>) =>
    api.post('/api/v1/tasks', { dataset: 'stock_basic' }, headers);

  for (const headers of [
    {},
    bearer('stranger'),
    bearer('reader'),
    bearer(''),
    { authorization: 'Basic eDp5' },
  ]) {
    for (const answer of [await api.get('/api/v1/tasks', headers), await submit(headers)]) {
      t.equal(answer.status, 401);
      t.match(answer.body, { success: false, code: 'UNAUTHORIZED', data: null });
    }
  }
  t.equal((await api.get('/api/v1/unknown')).status, 401, 'strangers do not even learn what exists');
  t.same((await api.get('/api/v1/tasks', bearer('operator-1'))).body.data.tasks, [], 'nothing was submitted');

  for (const token of ['reader-1', 'reader-2']) {
    t.equal((await api.get('/api/v1/tasks', bearer(token))).status, 200);
    const refused = await submit(bearer(token));
    t.equal(refused.status, 403);
    t.match(refused.body, { success: false, code: 'FORBIDDEN' });
    t.equal((await api.post('/api/v1/tasks/x/cancel', undefined, bearer(token))).status, 403);
  }
  for (const token of ['operator-1', 'operator-2']) {
    t.equal((await submit(bearer(token))).status, 202);
    t.equal((await api.get('/api/v1/tasks', bearer(token))).status, 200);
  }
  t.equal((await api.get('/health')).status, 200);
  t.equal((await api.get('/ready')).status, 200);
});

t.test('on loopback without tokens programs may do all, pages of other sites nothing', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  t.equal((await api.post('/api/v1/tasks', { dataset: 'stock_basic' })).status, 202);
  const own = { origin: api.url };
  t.equal((await api.post('/api/v1/tasks', { dataset: 'trade_cal' }, own)).status, 202, 'our own page');
  for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
    const answer = await api.post('/api/v1/tasks', { dataset: 'stock_basic' }, { origin });
    t.equal(answer.status, 403, `origin ${origin}`);
    t.equal(answer.body.code, 'FORBIDDEN');
  }
  // a name of an attacker's domain that resolves to 127.0.0.1 (DNS rebinding); fetch can't send a foreign Host
  for (const [host, status] of [
    ['evil.example:8710', 403],
    ['localhost:8710', 200],
    ['[::1]:8710', 200],
  ] as const) {
    const answered = await new Promise((resolve, reject) => {
      get(`${api.url}/api/v1/datasets`, { headers: { host } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      }).on('error', reject);
    });
    t.equal(answered, status, `Host ${host}`);
  }
});
