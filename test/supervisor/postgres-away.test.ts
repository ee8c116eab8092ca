import net from 'node:net';
import t, { type Test } from 'tap';
import { freePort } from '../../src/embedded/port.ts';
import { makeLedger } from '../faults/support/ledger.ts';
import { migratedDatabase } from '../support/migrated-database.ts';
import { freshDatabase } from '../support/postgres.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startSupervisor } from '../support/supervisor.ts';

t.test('while Postgres takes no connections a task waits for it and uses up no attempt', async (t) => {
  const redis = await freshRedis(t);
  const { url } = await migratedDatabase(t);
  await makeLedger(url);
  const port = await freePort();
  const away = new URL(url);
  away.port = String(port);
  const queue = await openTestQueue(t, redis.url);
  await startSupervisor(t, { REDIS_URL: redis.url, DATABASE_URL: away.href });

  const params = { steps: 2, step_ms: 1 };
  const task_id = await submit(queue, 'ledger', { max_attempts: 1, params });
  const waiting = await until(queue, task_id, ({ next_run_at }) => next_run_at !== null);
  t.match(waiting, {
    status: 'pending',
    attempt: 0,
    progress_message: /no connection to Postgres: unreachable \(ECONNREFUSED\)$/,
  });
  const waitsMs = (waiting.next_run_at ?? 0) - waiting.updated_at;
  t.ok(waitsMs > 3_000 && waitsMs <= 5_000, `it looks again after ${waitsMs} ms`);

  await forward(t, port, Number(new URL(url).port));
  t.match(await until(queue, task_id, ({ status }) => status !== 'pending' && status !== 'running'), {
    status: 'completed',
    attempt: 1,
    records_processed: 2,
  });
});

t.test(
  'a DATABASE_URL that a person must correct: the task waits with that said, and no attempt is used',
  async (t) => {
    const redis = await freshRedis(t);
    const { url } = await freshDatabase(t);
    const queue = await openTestQueue(t, redis.url);
    const wrong: [
      part: keyof Pick<URL, 'hostname' | 'password' | 'pathname'>,
      value: string,
      said: RegExp,
    ][] = [
      [
        'hostname',
        'postgres.invalid',
        /no host of the name in DATABASE_URL is known \((ENOTFOUND|EAI_AGAIN)\)$/,
      ],
      ['password', 'wrong-word', /login refused: look at user and password in DATABASE_URL \(28\w{3}\)$/],
      ['pathname', '/nowhere', /the database that DATABASE_URL names does not exist \(3D000\)$/],
    ];
    for (const [part, value, said] of wrong) {
      const DATABASE_URL = new URL(url);
      DATABASE_URL[part] = value;
      const supervisor = await startSupervisor(t, { REDIS_URL: redis.url, DATABASE_URL: DATABASE_URL.href });
      const task_id = await submit(queue, 'ledger', { max_attempts: 1, params: { steps: 1, step_ms: 1 } });
      const waiting = await until(queue, task_id, ({ next_run_at }) => next_run_at !== null);
      t.match(waiting, { status: 'pending', attempt: 0, progress_message: said }, part);
      t.notMatch(JSON.stringify(waiting), /wrong-word|postgres\.invalid/);
      await queue.cancel(task_id);
      await supervisor.kill();
    }
  },
);

/** From now on somebody listens on the port and passes everything on. */
function forward(t: Test, port: number, target: number): Promise<void> {
  const server = net.createServer((client) => {
    const further = net.connect(target, '127.0.0.1');
    client.on('error', () => further.destroy()).pipe(further);
    further.on('error', () => client.destroy()).pipe(client);
  });
  t.teardown(() => server.close());
  return new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
}
