/** Every way in which a task can end leaves its row, with all that is known about it. */
import t from 'tap';
import { loadConfig } from '../../src/config.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { freshDatabase } from '../support/postgres.ts';
import { submit, until } from '../support/queue.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { checkLedger, endMany, rows, setUp, untilAudited } from './support.ts';

const isRunning = (task: { status: string }) => task.status === 'running';

t.test('completed, failed, timed out, cancelled, stopped and lost: all of them arrive', async (t) => {
  const bundle = await setUp(t);
  const { queue, store, env } = bundle;
  const lost = await submit(queue, 'steady', { params: { why: 'its supervisors die' } });
  for (let losses = 0; losses < 5; losses++) {
    await queue.claim({ supervisor_id: `ghost${losses}`, free: 1, lease_ms: 0 });
    await queue.reap();
  }
  /** What a run leaves in Postgres when it is killed in the middle. */
  const leaveRows = (...ids: string[]) =>
    store.pool.query(
      `INSERT INTO sync_tasks (id, job_type, status, updated_at, config)
       SELECT gen_random_uuid(), 'a', 'RUNNING', now(), json_build_object('task_id', id) FROM unnest($1::text[]) id`,
      [ids],
    );
  await leaveRows(lost);
  const cancelled = await submit(queue, 'noop', { params: { why: 'nobody wants it' } });
  await queue.cancel(cancelled);
  await startSupervisor(t, { ...env, TASK_RETRY_BASE_SECONDS: '0' });
  const completed = await submit(queue, 'steady', { params: { steps: 3, step_ms: 20 }, priority: 0 });
  const failed = await submit(queue, 'fails', { max_attempts: 2, params: { message: 'the line is cut' } });
  const timedOut = await submit(queue, 'spin', { timeout_seconds: 1 });
  const stopped = await submit(queue, 'steady', {
    mode: 'history',
    params: { steps: 9_999, step_ms: 20, long: 'x'.repeat(90) },
  });
  await until(queue, stopped, isRunning);
  await leaveRows(timedOut, stopped, 'one that still runs');
  await queue.stop(stopped);
  const ends = {
    [lost]: 'failed supervisor_lost 1',
    [cancelled]: 'cancelled null 0',
    [completed]: 'completed null 1',
    [failed]: 'failed network 2',
    [timedOut]: 'failed timeout 1',
    [stopped]: 'cancelled null 1',
  };
  for (const id of Object.keys(ends)) await until(queue, id, (task) => task.completed_at !== null);
  await untilAudited(bundle);
  const found = await store.pool.query('SELECT task_id, status, last_error_type, attempt FROM task_history');
  t.strictSame(
    Object.fromEntries(
      found.rows.map((row) => [row.task_id, `${row.status} ${row.last_error_type} ${row.attempt}`]),
    ),
    ends,
  );
  await checkLedger(t, bundle, Object.keys(ends));
  const runs = await store.pool.query(
    `SELECT config->>'task_id' AS id, status || coalesce(': ' || (config->>'reason'), '') AS told FROM sync_tasks`,
  );
  t.strictSame(
    Object.fromEntries(runs.rows.map(({ id, told }) => [id, told])),
    {
      [lost]: 'PAUSED: its task failed: supervisor_lost',
      [timedOut]: 'PAUSED: its task failed: timeout',
      [stopped]: 'PAUSED: its task was stopped',
      'one that still runs': 'RUNNING',
    },
    'no row says that a run goes on when its task has ended',
  );
});

t.test('a database that is not migrated yet is waited for', async (t) => {
  const bundle = await setUp(t);
  const { url } = await freshDatabase(t);
  const ids = await endMany(bundle, 3);
  const supervisor = await startSupervisor(t, { ...bundle.env, DATABASE_URL: url });
  const complaint = await supervisor.logged(({ msg }) => /history can not be written/.test(String(msg)));
  t.match(complaint, { err: { code: '42P01' } });
  await migrate(loadConfig({ DATABASE_URL: url }));
  await untilAudited(bundle);
  t.equal(await rows(bundle.store), 0);
  const store = openStore({ DATABASE_URL: url, PGSSLMODE: '' }, { applicationName: 'test' });
  t.teardown(() => store.close());
  await checkLedger(t, { ...bundle, store }, ids);
});

t.test('an end that Postgres can not hold is set aside, and its neighbours arrive', async (t) => {
  const bundle = await setUp(t);
  const { queue, redis, env } = bundle;
  const before = await endMany(bundle, 3);
  const nul = await submit(queue, 'noop', { task_id: 'nul\0id' });
  await queue.cancel(nul);
  const gone = await submit(queue, 'noop');
  await queue.cancel(gone);
  await redis.del(queue.keys.task(gone));
  const after = await endMany(bundle, 3);
  const supervisor = await startSupervisor(t, env);
  await untilAudited(bundle);
  await checkLedger(t, bundle, [...before, ...after]);
  const refused = await redis.lrange('{stock}:audit_refused', 0, -1);
  t.strictSame(
    refused.map((entry) => JSON.parse(entry).id),
    [nul, gone],
  );
  t.equal(await redis.ttl(queue.keys.task(nul)), -1, 'its Redis copy stays');
  const told = supervisor.log.filter(({ msg }) => /audit_refused/.test(String(msg)));
  t.match(told, [
    { entry: refused[0], reason: /Unicode/ },
    { entry: refused[1], reason: /not in Redis/ },
  ]);
});

t.test('history past HISTORY_RETENTION_DAYS is deleted; 0 keeps it for ever', async (t) => {
  const bundle = await setUp(t);
  const { store, env } = bundle;
  const ids = await endMany(bundle, 4);
  const first = await startSupervisor(t, { ...env, HISTORY_RETENTION_DAYS: '0' });
  await untilAudited(bundle);
  await store.pool.query(
    `UPDATE task_history SET completed_at = now() - interval '40 days' WHERE task_id <> $1`,
    [ids[0]],
  );
  await startSupervisor(t, { ...env, HISTORY_RETENTION_DAYS: '41' });
  await first.kill();
  t.equal(await rows(store), 4);
  const strict = await startSupervisor(t, { ...env, HISTORY_RETENTION_DAYS: '39' });
  await strict.logged(({ msg, rows }) => /past its days was deleted/.test(String(msg)) && rows === 3);
  t.equal(await rows(store), 1);
});

t.test('a supervisor without a database works, says so once, and leaves the audit to others', async (t) => {
  const bundle = await setUp(t);
  const { queue, redis, env } = bundle;
  const supervisor = await startSupervisor(t, { ...env, DATABASE_URL: '' });
  const id = await submit(queue, 'noop');
  await until(queue, id, (task) => task.status === 'completed');
  const waiting = (await queue.tick('test', [], 4_000)).unaudited;
  t.equal(waiting, 1);
  t.equal(await redis.ttl(queue.keys.task(id)), -1);
  const said = supervisor.log
    .map(({ msg }) => String(msg))
    .filter((msg) => /DATABASE_URL is not set/.test(msg));
  t.equal(said.length, 2, said.join('; '));
  t.equal(said.filter((msg) => /stays in Redis/.test(msg)).length, 1, 'what it means for the audit');
  t.equal(said.filter((msg) => /no schedules/.test(msg)).length, 1, 'and for schedules');
  await startSupervisor(t, env);
  await untilAudited(bundle);
  await checkLedger(t, bundle, [id]);
});
