// What Bottleneck 2.19.5 does wrong on Redis ≥ 7, seen from the window that is built on it.
import Bottleneck from 'bottleneck';
import { Redis } from 'ioredis';
import t from 'tap';
import { patchBottleneck, type ScriptHooks } from '../../src/limits/bottleneck-patches.ts';
import { freshRedis } from '../support/redis.ts';
import { connect, openWindow, tokenUsage } from './support/window.ts';

const KEY = 'b_{stock}:call_window';

t.test('a client that Redis has forgotten is let in again', async (t) => {
  const redis = await freshRedis(t);
  const window = await openWindow(t, redis.url, { limit: 5, windowSeconds: 60 });
  await window.acquire('daily');
  const client = connect(t, redis.url);
  await client.del(`${KEY}_client_last_seen`, `${KEY}_client_running`, `${KEY}_client_num_queued`);
  await window.acquire('daily');
  t.equal((await tokenUsage(t, redis.url)).used, 2);
});

t.test('a registration that is sent twice counts once', async (t) => {
  const redis = await freshRedis(t);
  const client = connect(t, redis.url);
  const connection = new Bottleneck.IORedisConnection({ client, Redis });
  await client.hset('epoch', { id: 'e', opens_at: 0, grants: 0 });
  const hooks: ScriptHooks = {
    asks: (job) => ({ slot: job, args: ['epoch', 'us', 'person', 0, 0, 0, 'e', 0] }),
    answered: () => {},
    ends: (job) => ({ slot: job, holdMs: 0 }),
    ended: () => {},
  };
  await patchBottleneck(connection, new Map([['{stock}:call_window', hooks]]));
  t.teardown(() => connection.disconnect(false));
  const limiter = new Bottleneck({ connection, id: '{stock}:call_window', maxConcurrent: 2 });
  await limiter.ready();
  const scripts = ['settings', 'job_weights', 'job_expirations', 'job_clients'];
  const clients = ['client_running', 'client_num_queued', 'client_last_registered', 'client_last_seen'];
  const keys = [...scripts, ...clients].map((name) => `${KEY}_${name}`);
  const clientId = (await client.zrange(`${KEY}_client_last_seen`, '0', '-1'))[0];
  const register = (index: string) =>
    new Promise((resolve, reject) => {
      const callback = (error: Error | null, reply: unknown) => (error ? reject(error) : resolve(reply));
      const script = (client as unknown as { register(...args: unknown[]): void }).register;
      script.call(client, keys.length, ...keys, 0, clientId, index, 1, 60_000, callback);
    });
  t.same(await register('a'), [1, 0, null, 1]);
  t.same(await register('a'), [1, 0, null, 0], 'the repetition is told the same');
  t.equal(await limiter.running(), 1, 'one slot is taken');
  t.same(await register('b'), [1, 0, null, 2]);
  t.match(await register('c'), [null], 'a third job finds no room');
});
