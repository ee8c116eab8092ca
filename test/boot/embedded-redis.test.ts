import fs from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import t from 'tap';
import { startRedis } from '../../src/embedded/redis.ts';
import { findRedis } from '../../src/embedded/redis-binary.ts';
import { freshFolder } from '../support/folder.ts';

const binary = JSON.parse(process.env.DAYLINE_TEST_REDIS ?? 'null');

async function ask<T>(url: string, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

t.test('starts in a path with spaces and quotes, and keeps its data over a stop and a kill -9', async (t) => {
  const dir = path.join(freshFolder(t, 'my "redis'), 'data here');
  const first = await startRedis({ dir, binary });
  t.teardown(() => first.stop());
  await ask(first.url, async (redis) => {
    await redis.set('kept', '1');
    t.match(await redis.config('GET', 'appendonly'), { 1: 'yes' });
    t.match(await redis.config('GET', 'maxmemory-policy'), { 1: 'noeviction' });
    t.match(await redis.config('GET', 'bind'), { 1: '127.0.0.1' });
  });
  const { password } = new URL(first.url);
  t.ok(password.length >= 32);
  t.notMatch(fs.readFileSync(`/proc/${first.pid}/cmdline`, 'utf8'), password, 'not for everyone to read');
  for (const name of ['redis.conf', 'password'])
    t.equal(fs.statSync(path.join(dir, name)).mode & 0o777, 0o600, name);

  await first.stop();
  await first.stop();
  const second = await startRedis({ dir, binary, port: first.port });
  t.teardown(() => second.stop());
  t.equal(second.url, first.url, 'the same password');
  await ask(second.url, (redis) => redis.set('more', '2'));
  process.kill(second.pid, 'SIGKILL');
  await second.exited;

  const third = await startRedis({ dir, binary });
  t.teardown(() => third.stop());
  t.same(await ask(third.url, (redis) => redis.mget('kept', 'more')), ['1', '2']);
  const fourth = await startRedis({ dir, binary });
  t.teardown(() => fourth.stop());
  t.notOk(third.running(), 'one left over from an earlier run is ended first');
  t.same(await ask(fourth.url, (redis) => redis.mget('kept', 'more')), ['1', '2']);
});

t.test('a port that is taken is named', async (t) => {
  const one = await startRedis({ dir: path.join(freshFolder(t), 'a'), binary });
  t.teardown(() => one.stop());
  await t.rejects(startRedis({ dir: path.join(freshFolder(t), 'b'), binary, port: one.port }), {
    message: `Port ${one.port} is taken.`,
  });
});

t.test('without a Redis and without a Debian archive it says what to do', async (t) => {
  const { PATH } = process.env;
  t.teardown(() => {
    process.env.PATH = PATH;
  });
  process.env.PATH = freshFolder(t);
  await t.rejects(findRedis(path.join(freshFolder(t), 'cache')), {
    name: 'EmbeddedError',
    message: /no Redis 7 or newer on PATH.*Install one .*REDIS_URL/,
  });
});
