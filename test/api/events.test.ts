/** GET /events: a real Redis, real listeners. What a listener gets is awaited, never slept for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { startApi } from '../support/api.ts';
import { openTestQueue, submit } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';

interface Message {
  id: string;
  event: string;
  data: { events?: Record<string, string>[] };
}

/**
 * Opens the stream and resolves when it speaks; `next` resolves with its next message, `null` when it has ended.
 * On a busy machine web may not have its connection to Redis in time: it is asked again, as the dashboard does.
 */
async function listen(t: Test, url: string, after?: string) {
  const headers: Record<string, string> = after ? { 'last-event-id': after } : {};
  for (let tries = 0; tries < 100; tries += 1, await sleep(100)) {
    const gone = new AbortController();
    t.teardown(() => gone.abort());
    const response = await fetch(`${url}/api/v1/events`, { headers, signal: gone.signal });
    const lines = response.ok && response.body ? blocks(response.body) : undefined;
    if (!lines || (await lines.next()).done) continue;
    const next = async (): Promise<Message | null> => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return null;
        if (value !== 'comment') return value;
      }
    };
    return { response, next, close: () => gone.abort() };
  }
  throw new Error('web let nobody listen for 10 s');
}

async function* blocks(body: ReadableStream<Uint8Array>): AsyncGenerator<Message | 'comment', void> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const whole = (rest + text).split('\n\n');
    rest = whole.pop() ?? '';
    for (const block of whole) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      if (field('data')) yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
      else yield 'comment';
    }
  }
}

const tasksOf = (message: Message | null) => message?.data.events?.map(({ task_id }) => task_id);

t.test('who listens hears what changes, and goes on where it was after a break', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const queue = await openTestQueue(t, redis.url);
  const listener = await listen(t, api.url);
  t.equal(listener.response.status, 200);
  t.match(listener.response.headers.get('content-type'), 'text/event-stream');

  const first = await submit(queue, 'stock_basic');
  const heard = await listener.next();
  t.match(heard, { event: 'changes', id: /^\d+-\d+$/ });
  t.same(tasksOf(heard), [first]);
  t.match(heard?.data.events, [{ status: 'pending', job_type: 'stock_basic.full' }]);
  listener.close();

  const missed = [await submit(queue, 'trade_cal'), await submit(queue, 'daily')];
  const again = await listen(t, api.url, heard?.id);
  t.same(tasksOf(await again.next()), missed, 'what happened meanwhile, once');
  const later = await submit(queue, 'weekly');
  t.same(tasksOf(await again.next()), [later], 'and then what happens');
});

t.test('of the progress of a task only the last is told', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const raw = new Redis(redis.url);
  t.teardown(() => raw.disconnect());
  const listener = await listen(t, api.url);
  const add = (progress: number) =>
    `redis.call('XADD', KEYS[1], '*', 'event', 'progress', 'task_id', 'a', 'progress', '${progress}')`;
  await raw.eval(Array.from({ length: 50 }, (_, n) => add(n)).join('\n'), 1, '{stock}:events');
  t.match(await listener.next(), { data: { events: [{ progress: '49' }] } });
});

t.test('what can not be told any more, or is too much, is a reset', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const raw = new Redis(redis.url);
  t.teardown(() => raw.disconnect());
  const add = async (count: number) => {
    const script = `for n = 1, ${count} do redis.call('XADD', KEYS[1], '*', 'event', 'x', 'task_id', tostring(n)) end`;
    await raw.eval(script, 1, '{stock}:events');
  };
  await add(10);
  const [[seen = ''] = []] = await raw.xrange('{stock}:events', '-', '+', 'COUNT', 1);
  await raw.xtrim('{stock}:events', 'MAXLEN', 3);
  t.match(await (await listen(t, api.url, seen)).next(), { event: 'reset', id: /\d/ }, 'trimmed');

  const [[newest = ''] = []] = await raw.xrevrange('{stock}:events', '+', '-', 'COUNT', 1);
  const listener = await listen(t, api.url, newest);
  await add(501);
  t.match(await listener.next(), { event: 'changes' }, 'nothing was missed');
  t.match(await listener.next(), { event: 'reset' }, '501 changes at once');

  await raw.del('{stock}:events');
  t.match(await (await listen(t, api.url, newest)).next(), { event: 'reset' }, 'another Redis');
});

t.test('all listeners share one connection, which goes with the last of them', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const queue = await openTestQueue(t, redis.url);
  const raw = new Redis(redis.url);
  t.teardown(() => raw.disconnect());
  const ofWeb = async () => ((await raw.client('LIST')) as string).match(/name=dayline:web\S*/g) ?? [];
  const opened = async () => Number(/total_connections_received:(\d+)/.exec(await raw.info('stats'))?.[1]);
  t.same(await ofWeb(), ['name=dayline:web']);
  const before = await opened();
  const listeners = await Promise.all(Array.from({ length: 30 }, () => listen(t, api.url)));
  t.same((await ofWeb()).sort(), ['name=dayline:web', 'name=dayline:web:events']);
  t.equal((await opened()) - before, 1, 'and no other was opened meanwhile');
  const task_id = await submit(queue, 'daily');
  for (const { next } of listeners) t.same(tasksOf(await next()), [task_id]);
  for (const { close } of listeners) close();
  for (let tries = 0; (await ofWeb()).length > 1; tries += 1, await sleep(10))
    if (tries > 1_000) return t.fail('the connection of the feed stays open');
  t.pass('the connection is gone');
});

t.test('Redis away: the stream ends, the next is refused, and then it works again', async (t) => {
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url });
  const listener = await listen(t, api.url);
  await redis.stop();
  t.equal(await listener.next(), null, 'it has ended');
  const refused = await api.get('/api/v1/events');
  t.match(refused, { status: 503, body: { success: false, code: 'QUEUE_UNAVAILABLE' } });
  await redis.restart();
  t.ok(await listen(t, api.url), 'web has its connection again');
});

t.test('off, it is refused without a connection; a broken Last-Event-ID is told', async (t) => {
  const off = await startApi(t, { REDIS_ENABLED: 'false' });
  t.match(await off.get('/api/v1/events'), { status: 503, body: { code: 'QUEUE_UNAVAILABLE' } });
  const redis = await freshRedis(t);
  const api = await startApi(t, { REDIS_URL: redis.url, API_READ_TOKENS: 'reader' });
  t.match(await api.get('/api/v1/events'), { status: 401 });
  const headers = { authorization: 'Bearer reader', 'last-event-id': 'yesterday' };
  t.match(await api.get('/api/v1/events', headers), { status: 400, body: { code: 'VALIDATION_FAILED' } });
});
