/** The gate says that the queue is away, why, and within 1.5 s: also when Redis accepts and never answers (R12–R16). */
import { createServer } from 'node:net';
import type { Command } from 'ioredis';
import t from 'tap';
import { ApiError } from '../../src/errors.ts';
import {
  askThroughGate,
  assertQueueAvailable,
  queueAvailability,
  throughGate,
} from '../../src/queue/gate.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import { freshRedis } from '../support/redis.ts';
import { newTask, setup, setupWithServer } from './support.ts';

const ON = { REDIS_ENABLED: true };
const LIMIT_MS = 1500;

async function refusal(work: Promise<unknown>): Promise<{ reason: unknown; took: number }> {
  const began = performance.now();
  const error = await work.then(
    () => new Error('it was let through'),
    (error: unknown) => error,
  );
  const took = performance.now() - began;
  if (!(error instanceof ApiError) || error.code !== 'QUEUE_UNAVAILABLE' || error.status !== 503) throw error;
  const says = { disabled: /is turned off/, unreachable: /does not answer/ };
  const [reason] = Object.entries(says).find(([, words]) => words.test(error.message)) ?? [];
  return { reason, took };
}

t.test('disabled by configuration', async (t) => {
  const OFF = { REDIS_ENABLED: false };
  t.match(await refusal(assertQueueAvailable(OFF, null)), { reason: 'disabled' });
  const { redis } = await setup(t);
  t.match(await refusal(assertQueueAvailable(OFF, redis)), { reason: 'disabled' }, 'although Redis is there');
  t.strictSame(await queueAvailability(OFF, redis), { available: false, reason: 'disabled' });
});

t.test('there: it lets through, also while the first connection is being made', async (t) => {
  const server = await freshRedis(t);
  const redis = openRedis(server.url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  t.not(redis.status, 'ready');
  await assertQueueAvailable(ON, redis);
  t.strictSame(await queueAvailability(ON, redis), { available: true, reason: null });
});

t.test('no connection was opened', async (t) => {
  t.match(await refusal(assertQueueAvailable(ON, null)), { reason: 'unreachable' });
});

t.test('stopped: refused at once, and let through again when it is back', async (t) => {
  const { server, redis, queue } = await setupWithServer(t);
  const closed = new Promise((resolve) => redis.once('close', resolve));
  await server.stop();
  await closed;
  for (let i = 0; i < 3; i++) {
    const { reason, took } = await refusal(assertQueueAvailable(ON, redis));
    t.equal(reason, 'unreachable');
    t.ok(took < LIMIT_MS, `${Math.round(took)} ms`);
  }
  const submission = throughGate(ON, redis, () => queue.submit([newTask()]));
  t.match(await refusal(submission), { reason: 'unreachable' });
  await server.restart();
  await untilReady(redis, 5000);
  await assertQueueAvailable(ON, redis);
  t.equal((await queue.depth()).pending, 0, 'the refused submission has left nothing');
});

t.test('frozen: refused in bounded time, on an old connection and on a new one', async (t) => {
  const { server, redis, queue } = await setupWithServer(t);
  server.freeze();
  const opened = openRedis(server.url, { name: 'dayline:test:new' });
  t.teardown(() => opened.disconnect());
  for (const connection of [redis, opened]) {
    const { reason, took } = await refusal(assertQueueAvailable(ON, connection));
    t.equal(reason, 'unreachable');
    t.ok(took < LIMIT_MS, `${Math.round(took)} ms`);
  }
  const asked = await refusal(askThroughGate(ON, redis, () => queue.depth()));
  t.equal(asked.reason, 'unreachable', 'also for who asks beside the gate');
  t.ok(asked.took < LIMIT_MS, `${Math.round(asked.took)} ms`);
  server.thaw();
  await untilReady(opened, 5000);
  await assertQueueAvailable(ON, opened);
  await assertQueueAvailable(ON, redis);
  t.equal((await queue.depth()).pending, 0);
});

t.test('killed in the middle of the work: the same error, not a connection fault', async (t) => {
  const { server, redis, queue } = await setupWithServer(t);
  const work = throughGate(ON, redis, async () => {
    await server.kill();
    for (;;) await queue.depth();
  });
  t.match(await refusal(work), { reason: 'unreachable' });
});

t.test('who only asks, asks beside the gate, also while the first connection is being made', async (t) => {
  const { server, redis, queue } = await setupWithServer(t);
  const sent: string[] = [];
  const send = redis.sendCommand.bind(redis) as (command: Command) => unknown;
  redis.sendCommand = (command: Command) => {
    sent.push(command.name);
    return send(command);
  };
  server.freeze();
  const answer = askThroughGate(ON, redis, () => queue.depth());
  await new Promise(setImmediate);
  t.equal(sent.length, 2, 'both are on their way before either is answered');
  server.thaw();
  t.match(await answer, { pending: 0 });
  await t.rejects(
    askThroughGate(ON, redis, () => Promise.reject(new Error('of the work'))),
    { message: 'of the work' },
  );
  const opened = openRedis(server.url, { name: 'dayline:test:new' });
  t.teardown(() => opened.disconnect());
  t.equal(await askThroughGate(ON, opened, () => opened.ping()), 'PONG');
  t.match(await refusal(askThroughGate(ON, null, () => queue.depth())), { reason: 'unreachable' });
});

t.test('something else listens there', async (t) => {
  const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  t.teardown(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const redis = openRedis(`redis://127.0.0.1:${port}`, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  const { reason, took } = await refusal(assertQueueAvailable(ON, redis));
  t.equal(reason, 'unreachable');
  t.ok(took < LIMIT_MS, `${Math.round(took)} ms`);
});

t.test('an error of the work itself stays what it is', async (t) => {
  const { redis, queue } = await setup(t);
  await t.rejects(
    throughGate(ON, redis, () => queue.cancel('nobody')),
    { code: 'TASK_NOT_FOUND' },
  );
});
