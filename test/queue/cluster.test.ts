/** The whole suite of the queue on a real Redis Cluster of three nodes (D33), in two lanes side by side. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { assertQueueAvailable, isRedisAway, queueAvailability } from '../../src/queue/gate.ts';
import { Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import '../support/plain-node.ts';
import { freshCluster } from '../support/redis-cluster.ts';
import { claimOne, newTask, submitOne } from './support.ts';

const HERE = import.meta.dirname;
/** The gate is about one connection; below is what it does on a cluster. */
const NOT_HERE = ['cluster.test.ts', 'gate.test.ts'];
const FILES = readdirSync(HERE).filter((name) => name.endsWith('.test.ts') && !NOT_HERE.includes(name));

t.jobs = 3;

for (const lane of [0, 1]) {
  t.test(`lane ${lane}`, { buffered: true }, async (t: Test) => {
    const { url } = await freshCluster(t);
    for (const [i, file] of FILES.entries()) {
      if (i % 2 !== lane) continue;
      const env = { ...process.env, DAYLINE_TEST_CLUSTER: url, TAP: '1' };
      await t.spawn(process.execPath, [path.join(HERE, file)], { env }, `${file} on three nodes`);
    }
  });
}

t.test('prefixes on different nodes; all nodes gone and back', { buffered: true }, async (t: Test) => {
  const cluster = await freshCluster(t);
  const redis = openRedis(cluster.url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5000);
  const config = { REDIS_ENABLED: true };
  await assertQueueAvailable(config, redis);
  const queues = ['stock', 'a', 'b'].map((prefix) => new Queue(redis, prefix));
  for (const queue of queues) {
    await queue.submit(Array.from({ length: 600 }, () => newTask()));
    t.equal((await queue.depth()).pending, 600);
    t.equal(await queue.waitForBell(redis, 100), 'work');
  }

  const [queue] = queues as [Queue];
  await submitOne(queue, { task_id: 'kept', priority: 0 });
  await cluster.kill();
  const refused = await claimOne(queue).catch((error) => error);
  t.ok(isRedisAway(refused), String(refused));
  t.match(await queueAvailability(config, redis), { available: false, reason: 'unreachable' });
  await cluster.restart();
  while (!(await queueAvailability(config, redis)).available) await delay(20);
  t.equal((await claimOne(queue)).task_id, 'kept');
});
