/** What a hostile or careless caller may send: a clear 4xx in the envelope, and nothing is changed. */
import net from 'node:net';
import t from 'tap';
import { snapshot, startApi } from '../support/api.ts';
import { freshRedis } from '../support/redis.ts';
import { FIXTURE_DATASETS } from '../support/supervisor.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

t.test('keys and bodies that nobody should take', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS });
  const task = (text: string) => ['/api/v1/tasks', text] as const;
  const execution = (key: unknown) => ['/api/v1/executions', { tasks: [{ dataset: 'noop', key }] }] as const;
  const sent: (readonly [path: string, body: unknown, code?: string])[] = [
    task('{"dataset":"noop","__proto__":{"priority":"high"}}'),
    task('{"dataset":"noop","params":{"constructor":{"prototype":{}}}}'),
    task(`{"dataset":"noop","params":${nested(100_000)}}`),
    task('{"dataset":"noop","max_attempts":1e308}'),
    task('{"dataset":"noop","max_attempts":"3"}'),
    task('{"dataset":"noop","timeout_seconds":-0}'),
    task('\u0000{}'),
    task('null'),
    ...['a\u0000b', 'a\nb', '\u001b[31m', '\ud800', 'a\udc00', '', 7].map(execution),
    ['/api/v1/executions', { tasks: [{ dataset: 'noop', key: 'a', depends_on: ['a\u0000'] }] }],
  ];
  for (const [path, body] of sent) {
    const answer = await api.post(path, body);
    t.match(
      answer,
      { status: 400, body: { success: false, code: 'VALIDATION_FAILED', data: null } },
      JSON.stringify(body).slice(0, 90),
    );
  }
  t.same(await snapshot(redis.url), {});
  const odd = await api.post('/api/v1/executions', {
    tasks: [
      { dataset: 'noop', key: '__proto__' },
      { dataset: 'noop', key: '日线 😀, 2019', depends_on: ['__proto__'] },
    ],
  });
  t.match(odd.body.data, { tasks: [{ key: '__proto__' }, { key: '日线 😀, 2019', depends_on: [String] }] });
});

t.test('numbers of a query are whole and in digits', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const paths = ['tasks', 'executions', 'history/tasks', 'history/executions', 'executions/any'];
  for (const path of paths)
    for (const limit of ['1.5', 'true', '0x10', '1e2', ' 5', '', 'null', '1&limit=2', '-1', '201'])
      t.match(
        await api.get(`/api/v1/${path}?limit=${limit}`),
        { status: 400, body: { code: 'VALIDATION_FAILED', message: /limit/ } },
        `${path} ${limit}`,
      );
  const far = (await api.get('/api/v1/tasks?limit=200&offset=10000')).body.data;
  t.match(far, { tasks: [], total: 0, offset: 10_000, next_cursor: null });
  t.equal((await api.get('/api/v1/tasks?offset=10001')).status, 400, 'further back only a cursor leads');
  const cursor = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const bad = [cursor([0]), cursor(['1']), cursor([1.5]), cursor(7), cursor(['+inf']), '7', '%00', ''];
  for (const query of [
    ...bad.map((value) => `cursor=${value}`),
    'offset=1&job_type=a.b',
    `offset=1&cursor=${cursor([9])}`,
  ])
    t.match(
      await api.get(`/api/v1/tasks?${query}`),
      { status: 400, body: { code: 'VALIDATION_FAILED' } },
      query,
    );
});

t.test('a request that node can not read is answered with an envelope', async (t) => {
  const api = await startApi(t);
  const { port, hostname } = new URL(api.url);
  const send = (text: string) =>
    new Promise<string>((resolve, reject) => {
      let answer = '';
      const socket = net.connect(Number(port), hostname, () => socket.write(text));
      socket.on('data', (chunk) => {
        answer += chunk;
      });
      socket.once('error', reject).once('close', () => resolve(answer));
    });
  const faults: [text: string, status: RegExp, code: string][] = [
    [
      `GET /api/v1/tasks?job_type=${'x'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
      'BODY_TOO_LARGE',
    ],
    ['what is this\r\n\r\n', /^HTTP\/1\.1 400 /, 'VALIDATION_FAILED'],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n', /^HTTP\/1\.1 400 /, 'VALIDATION_FAILED'],
  ];
  for (const [text, status, code] of faults) {
    const answer = await send(text);
    t.match(answer, status);
    t.match(JSON.parse(answer.split('\r\n\r\n')[1] ?? ''), {
      success: false,
      code,
      message: String,
      data: null,
    });
  }
  t.equal((await api.get('/ready')).status, 200);
});

t.test('parallel cancels, stops and retries: one of each wins, and the counts stay right', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, DATASETS_PATH: FIXTURE_DATASETS });
  const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'noop' })).body.data;
  const codes = async (posts: string[]) => {
    const answers = await Promise.all(posts.map((path) => api.post(path)));
    return answers.map(({ body }) => body.code as string);
  };
  const times = (count: number, ...paths: string[]) =>
    Array.from({ length: count }, (_, i) => paths[i % paths.length] as string);
  const path = `/api/v1/tasks/${task_id}`;
  const cancels = await codes(times(30, `${path}/cancel`));
  t.equal(cancels.filter((code) => code === 'TASK_CANCELLED').length, 1);
  t.equal(cancels.filter((code) => code === 'TASK_NOT_PENDING').length, 29);
  const retries = await codes(times(30, `${path}/retry`, `${path}/stop`));
  t.equal(retries.filter((code) => code === 'TASK_RETRIED').length, 1);
  t.equal(retries.filter((code) => code === 'TASK_NOT_RETRYABLE').length, 14);
  t.equal(retries.filter((code) => code === 'TASK_NOT_RUNNING').length, 15);

  const { execution_id } = (await api.post('/api/v1/executions', { datasets: ['noop', 'steady', 'fails'] }))
    .body.data;
  const whole = `/api/v1/executions/${execution_id}`;
  const mixed = await codes(times(40, `${whole}/stop`, `${whole}/retry`));
  const won = (code: string) => mixed.filter((one) => one === code).length;
  const seen = (await api.get(whole)).body.data;
  t.equal(seen.attempt, won('EXECUTION_STOPPING'), 'nothing ran, so each stop ended it, once');
  t.equal(won('EXECUTION_STOPPING') - won('EXECUTION_RETRIED'), seen.counts.pending === 0 ? 1 : 0);
  const counted = Object.values(seen.counts as Record<string, number>).reduce((sum, count) => sum + count, 0);
  t.equal(counted, 3);
  t.equal(seen.tasks.length, 3);
});
