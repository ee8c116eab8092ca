/** What the tests of the audit share: a queue, a migrated database, tasks that have ended, and the ledger check. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Test } from 'tap';
import { loadConfig } from '../../src/config.ts';
import { Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import type { QueueRedis } from '../../src/queue/scripts.ts';
import type { Outcome } from '../../src/queue/task.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { taskFromHistory } from '../../src/store/task-history.ts';
import { migratedDatabase, migrateTo } from '../support/migrated-database.ts';
import { taskOf } from '../support/queue.ts';
import { type FreshRedis, freshRedis } from '../support/redis.ts';

const LOOK_EVERY_MS = 20;

export interface AuditBundle {
  readonly server: FreshRedis;
  readonly redis: QueueRedis;
  readonly queue: Queue;
  readonly store: Store;
  /** For supervisors. */
  readonly env: Record<string, string>;
}

/** @param databaseUrl of a server of the test's own; none: a fresh database */
export async function setUp(t: Test, databaseUrl?: string): Promise<AuditBundle> {
  const server = await freshRedis(t);
  if (databaseUrl) await migrateTo(databaseUrl);
  const DATABASE_URL = databaseUrl ?? (await migratedDatabase(t)).url;
  const config = loadConfig({ DATABASE_URL });
  const redis = openRedis(server.url, { name: 'dayline:test' });
  t.teardown(() => redis.disconnect());
  await untilReady(redis, 5_000);
  const store = openStore(config, { applicationName: 'test' });
  t.teardown(() => store.close());
  const env = { REDIS_URL: server.url, DATABASE_URL, SUPERVISOR_THREADS: '2' };
  return { server, redis, queue: new Queue(redis, 'stock'), store, env };
}

/** Ends `count` tasks: as many entries for the auditors. @returns their ids */
export async function endMany({ queue }: AuditBundle, count: number): Promise<string[]> {
  const tasks = Array.from({ length: count }, (_, i) =>
    taskOf(`nothing${i}`, { params: { number: i }, max_attempts: 1 }),
  );
  const submitted = await queue.submit(tasks);
  const outcome: Outcome = { kind: 'completed', records_processed: 1 };
  const supervisor_id = 'test';
  for (;;) {
    const runs = await queue.claim({ supervisor_id, free: 100, lease_ms: 60_000 });
    if (runs.length === 0) break;
    await queue.finish(runs.map(({ task_id, fence }) => ({ task_id, fence, supervisor_id, outcome })));
  }
  const ids = submitted.map(({ task_id }) => task_id);
  // A supervisor that is there may have claimed some, and finds that nobody has declared them.
  await untilSo('all of them have ended', async () =>
    (await queue.getMany(ids)).every((task) => task?.completed_at !== null),
  );
  return ids;
}

/** Makes every statement that copies rows take a while, so that something can happen in the middle. */
export async function slowDown(store: Store, seconds: number): Promise<void> {
  await store.pool.query(`
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_sleep(${seconds}); RETURN NULL; END';
    CREATE TRIGGER dawdle AFTER INSERT ON task_history FOR EACH STATEMENT EXECUTE FUNCTION dawdle()`);
}

export async function rows(store: Store): Promise<number> {
  const { rows } = await store.pool.query('SELECT count(*)::int AS count FROM task_history');
  return rows[0].count;
}

/** Resolves when it is so. @throws Error saying what never came */
export async function untilSo(what: string, isSo: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await isSo().catch(() => false))) {
    if (performance.now() > end) throw new Error(`in ${withinMs} ms it never came to this: ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}

/** Everything has been copied: no entry waits. */
export function untilAudited({ redis, queue }: AuditBundle): Promise<void> {
  return untilSo('no entry waits', async () => (await redis.llen(queue.keys.audit)) === 0);
}

/** The ledger: one row each and no other, as Redis has it, and the days of each Redis copy have begun. */
export async function checkLedger(t: Test, bundle: AuditBundle, task_ids: readonly string[]): Promise<void> {
  const { queue, redis, store } = bundle;
  const { rows: found } = await store.pool.query('SELECT task_id FROM task_history');
  t.strictSame(found.map(({ task_id }) => task_id).sort(), task_ids.toSorted(), 'one row each, none lost');
  const ttls = await Promise.all(task_ids.map((id) => redis.ttl(queue.keys.task(id))));
  t.strictSame(
    ttls.filter((ttl) => ttl < 0),
    [],
    'every Redis copy expires',
  );
  const some = task_ids.filter((_, i) => i % Math.ceil(task_ids.length / 50) === 0);
  for (const id of some) t.strictSame(await taskFromHistory(store, id), await queue.get(id), `row of ${id}`);
}
