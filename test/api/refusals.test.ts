import t from 'tap';
import { TOKEN_PLACEHOLDER } from '../../src/token.ts';
import { snapshot, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';

const daily = (params: object, more: object = {}) => ({ dataset: 'daily', params, ...more });

const REFUSALS: [name: string, body: unknown, status: number, code: string, message: RegExp][] = [
  ['an unknown dataset', { dataset: 'dayly' }, 404, 'UNKNOWN_DATASET', /dayly.*did you mean daily\?/],
  [
    'a date that does not exist',
    daily({ start_date: '20190230' }),
    400,
    'INVALID_PARAMS',
    /start_date.*20190230/,
  ],
  ['a malformed date', daily({ end_date: '2019/12/31' }), 400, 'INVALID_PARAMS', /end_date.*YYYYMMDD/],
  ['a date that is a number', daily({ end_date: 20191231 }), 400, 'INVALID_PARAMS', /end_date/],
  [
    'a range backwards',
    daily({ start_date: '20191231', end_date: '20190101' }),
    400,
    'INVALID_PARAMS',
    /backwards.*20191231.*20190101/,
  ],
  ['an unknown parameter', daily({ start: '20190101' }), 400, 'INVALID_PARAMS', /"start".*start_date/],
  ['a mode that is not offered', daily({}, { mode: 'full' }), 400, 'INVALID_PARAMS', /full.*history/],
  [
    'several wrong parameters at once',
    daily({ start_date: '20190230', end_date: 7, stat_date: 1 }),
    400,
    'INVALID_PARAMS',
    /unknown parameter "stat_date".*; start_date must be .*"20190230"; end_date must be .* not 7/,
  ],
  [
    'several wrong fields at once',
    { dataset: 7, priority: 'urgent', max_attempts: 0, timeout_seconds: 'long', hurry: true, slow: 1 },
    400,
    'VALIDATION_FAILED',
    /^(?=.*body\.dataset)(?=.*body\.priority)(?=.*body\.max_attempts)(?=.*body\.timeout_seconds)(?=.*body\.hurry)(?=.*body\.slow)/,
  ],
  [
    'more faults than one wants to read',
    {
      dataset: 'daily',
      mode: 'backfill',
      params: { dates: Array.from({ length: 3000 }, (_, i) => `day ${i}`) },
    },
    400,
    'INVALID_PARAMS',
    /^daily: dates\[0\] must .*dates\[19\] must be a date that exists, as YYYYMMDD, not "day 19"; and 2980 more$/,
  ],
  ['no dataset', {}, 400, 'VALIDATION_FAILED', /body\.dataset is required/],
  ['a dataset that is no text', { dataset: 7 }, 400, 'VALIDATION_FAILED', /body\.dataset must be string/],
  [
    'an unknown field',
    { dataset: 'daily', hurry: true },
    400,
    'VALIDATION_FAILED',
    /body\.hurry is not known/,
  ],
  [
    'an unknown priority',
    { dataset: 'daily', priority: 'urgent' },
    400,
    'VALIDATION_FAILED',
    /body\.priority must be one of high, normal, low/,
  ],
  [
    'no attempts',
    { dataset: 'daily', max_attempts: 0 },
    400,
    'VALIDATION_FAILED',
    /body\.max_attempts must be >= 1/,
  ],
  ['params that are a list', { dataset: 'daily', params: [1] }, 400, 'VALIDATION_FAILED', /body\.params/],
  ['a list instead of an object', [], 400, 'VALIDATION_FAILED', /body must be object/],
  ['broken JSON', '{"dataset": "daily"', 400, 'VALIDATION_FAILED', /not valid JSON/],
  ['an empty body', '', 400, 'VALIDATION_FAILED', /body is empty/],
  ['a huge body', JSON.stringify({ dataset: 'x'.repeat(300_000) }), 413, 'BODY_TOO_LARGE', /256 KiB/],
];

t.test('each wrong submission is told what is wrong and changes nothing', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  await api.post('/api/v1/tasks', { dataset: 'stock_basic' });
  const before = await snapshot(redis.url);
  for (const [name, body, status, code, message] of REFUSALS) {
    const answer = await api.post('/api/v1/tasks', body);
    t.equal(answer.status, status, `${name}: ${status}`);
    t.match(answer.body, { success: false, code, message, data: null }, `${name}: ${answer.body?.message}`);
    t.same(Object.keys(answer.body), ['success', 'code', 'message', 'data'], `${name}: the envelope`);
  }
  t.same(await snapshot(redis.url), before, 'Redis is as before');
});

t.test('a form or a text is not taken for JSON', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    const answer = await api.post('/api/v1/tasks', '{"dataset":"daily"}', { 'content-type': type });
    t.equal(answer.status, 415);
    t.match(answer.body, { success: false, code: 'UNSUPPORTED_MEDIA_TYPE' });
  }
  t.same(await snapshot(redis.url), {});
});

for (const token of ['', TOKEN_PLACEHOLDER]) {
  t.test(`TUSHARE_TOKEN=${token || '(empty)'} is refused with 422 and changes nothing`, async (t) => {
    const redis = await freshRedis(t);
    const api = await startApi(t, { REDIS_URL: redis.url, TUSHARE_TOKEN: token });
    const answer = await api.post('/api/v1/tasks', { dataset: 'daily' });
    t.equal(answer.status, 422);
    t.match(answer.body, {
      success: false,
      code: 'TUSHARE_TOKEN_MISSING',
      message: /TUSHARE_TOKEN/,
      data: null,
    });
    t.same(await snapshot(redis.url), {}, 'Redis is empty');
  });
}

t.test('the checks come in their order: queue, dataset, parameters, token', async (t) => {
  const redis = await freshRedis(t);
  const nothing = { TUSHARE_TOKEN: '' };
  const backwards = { start_date: '20191231', end_date: '20190101' };
  const closed = await startApi(t, { ...nothing, REDIS_URL: redis.url, REDIS_ENABLED: 'false' });
  const wrong = { dataset: 'nothing', params: backwards };
  t.equal((await closed.post('/api/v1/tasks', wrong)).body.code, 'QUEUE_UNAVAILABLE');
  const open = await startApi(t, { ...nothing, REDIS_URL: redis.url });
  t.equal((await open.post('/api/v1/tasks', wrong)).body.code, 'UNKNOWN_DATASET');
  t.equal((await open.post('/api/v1/tasks', daily(backwards))).body.code, 'INVALID_PARAMS');
  t.equal((await open.post('/api/v1/tasks', daily({}))).body.code, 'TUSHARE_TOKEN_MISSING');
});
