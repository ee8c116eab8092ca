/** The event loop of a supervisor is blocked for longer than its lease, while its threads work on: the fence decides. */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/store/migrate.ts';
import { freshDatabase } from '../support/postgres.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { startBlockable } from './support/blockable.ts';
import { makeLedger, readLedger } from './support/ledger.ts';

const BLOCKED_MS = 7_000;

t.test('its task is taken over, and what its thread sends afterwards is refused', async (t) => {
  const redis = await freshRedis(t);
  const { url } = await freshDatabase(t);
  const env = { REDIS_URL: redis.url, DATABASE_URL: url };
  await migrate(loadConfig(env));
  await makeLedger(url);
  const queue = await openTestQueue(t, redis.url);
  const blocked = await startBlockable(t, env);
  const params = { steps: 400, step_ms: 20, stubborn: true };
  const task_id = await submit(queue, 'ledger', { params });
  const before = await until(queue, task_id, ({ records_processed }) => records_processed > 20);
  await startSupervisor(t, env);

  setTimeout(blocked.block(), BLOCKED_MS);
  const committed = (await readLedger(url)).length;
  await until(queue, task_id, (task) => task.owner !== null && task.owner !== before.owner);
  // whichever it finds first when it wakes
  await blocked.logged(
    (line) => line.task_id === task_id && /^(lease_lost|lease_ended|lock_lost)$/.test(String(line.reason)),
  );
  await until(queue, task_id, ({ status }) => status === 'completed', 30_000);

  const ledger = await readLedger(url);
  // Told apart by fence: the first claim after the old owner's may find its type lock, which can outlive its lease by
  // ms, and go back, and then either supervisor may be the successor.
  const old = before.fence ?? 0;
  const first = ledger.findIndex(({ fence }) => fence > old);
  t.ok(first > committed, 'the thread of the blocked one went on committing');
  t.ok(ledger.slice(0, first).every(({ owner, fence }) => owner === before.owner && fence === old));
  const successor = ledger[first];
  t.ok(
    ledger.slice(first).every(({ owner, fence }) => owner === successor?.owner && fence === successor?.fence),
  );
  const steps = ledger.filter(({ step }) => step > 0).map(({ step }) => step);
  t.strictSame(
    steps,
    Array.from({ length: 400 }, (_, n) => n + 1),
    'every step once',
  );
  t.match(await queue.get(task_id), { losses: 0, attempt: 1 });
  t.equal(await blocked.stop(), 0);
});
