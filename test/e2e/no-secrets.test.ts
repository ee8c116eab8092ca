// The token and the proxy's password are planted wherever an answer, a caller, a dataset or a proxy could bring them
// back. Afterwards every line of the log, every key of Redis and every table of Postgres is searched for them.
import { Redis } from 'ioredis';
import type pg from 'pg';
import t, { type Test } from 'tap';
import type { TaskView } from '../../src/api/task-view.ts';
import { type Api, startApi } from '../support/api.ts';
import { forwardProxy, PROXY_PASSWORD, PROXY_USER } from '../support/forward-proxy.ts';
import { submit, until } from '../support/queue.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { type Handler, refusal, startServer, TOKEN } from '../tushare/support/server.ts';

const SECRETS = [TOKEN, PROXY_PASSWORD, `${PROXY_USER}:${PROXY_PASSWORD}`];
const FORMS = SECRETS.flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  encodeURIComponent(secret).toLowerCase(),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
  Buffer.from(secret).toString('base64url'),
]);
const ALL = FORMS.join(' ');
/** A part that every plain and most encoded forms hold: nothing may be cut in the middle either. */
const PARTS = [TOKEN.slice(0, 10), PROXY_PASSWORD.slice(0, 6)];

/** What TuShare answers, in turn. The last one closes the API, so its words stand in Redis. */
const ANSWERS: Handler[] = [
  (_request, response) => response.end(refusal(50101, `必填参数 ${ALL}`)),
  (_request, response) => response.end(refusal(777, `${ALL} 没有人知道的错误`)),
  (_request, response) => response.end(refusal(777, `${'长'.repeat(490)}${TOKEN}${PROXY_PASSWORD}`)),
  (_request, response) => response.end(`<html>${ALL}</html>`),
  (_request, response) => response.end(JSON.stringify({ code: 0, data: { fields: [ALL, ALL], items: [] } })),
  (_request, response) =>
    response.writeHead(302, { location: `http://127.0.0.1:1/${encodeURIComponent(ALL)}` }).end(),
  (_request, response) => response.writeHead(200, { 'content-encoding': encodeURIComponent(ALL) }).end('{}'),
  (request) => request.socket.resetAndDestroy(),
  (_request, response) => response.end(refusal(40203, `抱歉，您每小时最多访问该接口1次 ${ALL}`)),
];

t.test('no token and no proxy password in logs, Redis or Postgres', async (t) => {
  const tushare = await startServer(t, (request, response, body) =>
    ANSWERS[(tushare.requests.length - 1) % ANSWERS.length]?.(request, response, body),
  );
  const proxy = await forwardProxy(t);
  const stack = await startStack(t, {
    TUSHARE_API_URL: tushare.url,
    TUSHARE_TOKEN: TOKEN,
    TUSHARE_PROXY_URL: proxy.url(),
    LOG_LEVEL: 'trace',
  });
  const api = await startApi(t, { ...stack.env, DATASETS_PATH: FIXTURES, LOG_LEVEL: 'silent' });
  const supervisor = await startSupervisor(t, stack.env);
  const ended: string[] = [];
  const run = async (dataset: string) => {
    const task_id = await submit(stack.queue, dataset, { max_attempts: 1 });
    ended.push(task_id);
    return until(
      stack.queue,
      task_id,
      ({ status, next_run_at }) => status === 'failed' || next_run_at !== null,
    );
  };

  await refusesParams(t, api);
  for (const _ of ANSWERS) t.ok((await run('calls')).error_message, 'it failed, and says why');
  t.equal(tushare.requests.length, ANSWERS.length, 'every planted answer was given');
  const leaked = await run('leaks');
  t.match(leaked, { status: 'failed', error_message: /\*\*\*/, error_detail: /caused by \*\*\*/ });
  t.match((await run('calls')).status, 'pending', 'the API is closed now');

  // Another supervisor whose proxy refuses it, for the errors of proxies.
  await supervisor.stop();
  const redis = new Redis(stack.env.REDIS_URL as string);
  t.teardown(() => redis.disconnect());
  await redis.del('{stock}:closures');
  const wrong = { ...stack.env, TUSHARE_PROXY_URL: proxy.url(PROXY_USER, `${PROXY_PASSWORD}x`) };
  const second = await startSupervisor(t, wrong);
  const { task_id } = (await api.post('/api/v1/proxy/test')).body.data as TaskView;
  ended.push(task_id);
  const failed = await until(stack.queue, task_id, ({ status }) => status === 'failed');
  t.match(failed.error_message, /the proxy 127\.0\.0\.1:\d+ wants another user or password \(HTTP 407\)/);
  await untilCopied(stack.database, ANSWERS.length + 2); // and that of the leak, and of the test
  await second.stop();

  const logs = [...supervisor.log, ...second.log].map((line) => JSON.stringify(line));
  const places = {
    logs: [...logs, supervisor.complaint(), second.complaint()].join('\n'),
    redis: await everythingInRedis(redis),
    postgres: await everythingInPostgres(stack.database),
    api: (await api.get('/api/v1/tasks')).text + (await api.get('/api/v1/limits')).text,
  };
  t.match(places.redis, leaked.task_id, 'Redis was read');
  t.match(places.postgres, leaked.task_id, 'Postgres was read');
  t.match(places.logs, '没有人知道的错误', 'the message that nobody knows was logged');
  for (const [place, text] of Object.entries(places))
    for (const form of [...FORMS, ...PARTS]) {
      const at = text.indexOf(form);
      t.equal(at, -1, `${place}: ${at < 0 ? 'clean' : text.slice(Math.max(0, at - 200), at + 100)}`);
    }
});

const FIXTURES = new URL('../fixtures/datasets', import.meta.url).pathname;

/** A parameter is stored as it is, so one that holds a secret is refused, and the answer doesn't repeat it. */
async function refusesParams(t: Test, api: Api): Promise<void> {
  for (const params of [{ key: TOKEN }, { deep: [{ [encodeURIComponent(PROXY_PASSWORD)]: 1 }] }]) {
    const answer = await api.post('/api/v1/tasks', { dataset: 'noop', params });
    t.equal(answer.status, 400);
    t.match(answer.body, { code: 'INVALID_PARAMS', message: /hold a token or password/ });
    for (const form of FORMS) t.notOk(answer.text.includes(form));
  }
  t.equal((await api.post('/api/v1/tasks', { dataset: 'noop', params: { key: 'a word' } })).status, 202);
}

async function everythingInRedis(redis: Redis): Promise<string> {
  const texts: string[] = [];
  for (const key of await redis.keys('*')) {
    const read: Record<string, () => Promise<unknown>> = {
      string: () => redis.get(key),
      hash: () => redis.hgetall(key),
      list: () => redis.lrange(key, 0, -1),
      set: () => redis.smembers(key),
      zset: () => redis.zrange(key, '0', '-1', 'WITHSCORES'),
      stream: () => redis.xrange(key, '-', '+'),
    };
    const type = await redis.type(key);
    if (!read[type]) throw new Error(`${key} is a ${type}, which is not searched`);
    texts.push(plain([key, await read[type]()]));
  }
  return texts.join('\n');
}

async function everythingInPostgres(database: pg.Client): Promise<string> {
  const { rows } = await database.query(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  const texts: string[] = [];
  for (const { name } of rows as { name: string }[]) {
    const all = await database.query(`select row_to_json(t)::text as row from ${name} t`);
    texts.push(...all.rows.map(({ row }) => `${name} ${plain(JSON.parse(row))}`));
  }
  return texts.join('\n');
}

/** As the texts are, and as they stand in JSON. */
function plain(value: unknown): string {
  const texts: string[] = [];
  JSON.stringify(value, (key, inner) => {
    texts.push(key);
    if (typeof inner === 'string') texts.push(inner);
    return inner;
  });
  return `${texts.join(' ')} ${JSON.stringify(value)}`;
}

/** Until the history has at least so many tasks. */
async function untilCopied(database: pg.Client, tasks: number): Promise<void> {
  for (let tries = 0; tries < 2_000; tries += 1) {
    const { rows } = await database.query('select count(*) as copied from task_history');
    if (Number(rows[0].copied) >= tasks) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the history is not complete');
}
