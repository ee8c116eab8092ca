/** A supervisor that is cut off from Redis works on while another one takes its task over: Postgres tells them apart. */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase } from '../support/postgres.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { hireCrew, type Post } from './support/crew.ts';
import { makeLedger, readLedger } from './support/ledger.ts';

t.test('what the old owner sends after its successor has begun is refused by the fence', async (t) => {
  const redis = await freshRedis(t);
  const { url } = await freshDatabase(t);
  const env = { REDIS_URL: redis.url, DATABASE_URL: url };
  await migrate(loadConfig(env));
  await makeLedger(url);
  const queue = await openTestQueue(t, redis.url);
  const crew = await hireCrew(t, 2, env);

  const params = { steps: 400, step_ms: 20, stubborn: true };
  const task_id = await submit(queue, 'ledger', { params });
  const before = await until(queue, task_id, ({ records_processed }) => records_processed > 20);
  const cutOff = crew.posts.find(({ member }) => member.supervisor_id === before.owner) as Post;
  cutOff.proxy.cut();
  await until(queue, task_id, (task) => task.owner !== null && task.owner !== before.owner);
  await cutOff.member.process.logged((line) => line.task_id === task_id && line.reason === 'lease_ended');
  cutOff.proxy.restore();
  await until(queue, task_id, ({ status }) => status === 'completed', 30_000);

  const ledger = await readLedger(url);
  // Told apart by fence: the first claim after the old owner's may find its type lock, which can outlive its lease by
  // ms, and go back, and then either supervisor may be the successor.
  const old = before.fence ?? 0;
  const first = ledger.findIndex(({ fence }) => fence > old);
  t.ok(first > 20, 'the old owner had committed steps');
  t.ok(ledger.slice(0, first).every(({ owner, fence }) => owner === before.owner && fence === old));
  const successor = ledger[first];
  t.ok(
    ledger.slice(first).every(({ owner, fence }) => owner === successor?.owner && fence === successor?.fence),
  );
  t.strictSame(
    ledger.filter(({ step }) => step > 0).map(({ step }) => step),
    Array.from({ length: 400 }, (_, n) => n + 1),
    'every step once',
  );
  t.strictSame(await crew.dismiss(), [0, 0]);
});
