/** A task of 400 steps that is taken over while its old owner works on: how it begins, and what its ledger must say. */
import type { Test } from 'tap';
import type { Queue } from '../../../src/queue/queue.ts';
import type { Task } from '../../../src/queue/task.ts';
import { migratedDatabase } from '../../support/migrated-database.ts';
import { openTestQueue, submit, until } from '../../support/queue.ts';
import { freshRedis } from '../../support/redis.ts';
import { makeLedger, readLedger } from './ledger.ts';

const STEPS = 400;
/** So many has the old owner committed when the trouble begins. */
const BEFORE = 20;

export interface Stage {
  readonly queue: Queue;
  /** For supervisors. */
  readonly env: { REDIS_URL: string; DATABASE_URL: string };
}

/** Redis, a queue, and a migrated database with a ledger. */
export async function setStage(t: Test): Promise<Stage> {
  const [redis, database] = await Promise.all([freshRedis(t), migratedDatabase(t)]);
  await makeLedger(database.url);
  const env = { REDIS_URL: redis.url, DATABASE_URL: database.url };
  return { queue: await openTestQueue(t, redis.url), env };
}

/** Submits it: 8 s of work that no abort ends. @returns it as it is in the midst of it */
export async function midway({ queue }: Stage): Promise<Task> {
  const params = { steps: STEPS, step_ms: 20, stubborn: true };
  const task_id = await submit(queue, 'ledger', { params });
  return until(queue, task_id, ({ records_processed }) => records_processed > BEFORE);
}

/** Resolves when another run of the task has begun. */
export async function takenOver({ queue }: Stage, before: Task): Promise<void> {
  await until(queue, before.task_id, ({ owner }) => owner !== null && owner !== before.owner);
}

/**
 * Waits for the end, and checks that the old owner's commits come before all of its successor's, and each step once.
 * @param committed rows that the old owner must have outdone
 */
export async function checkTakeover(
  t: Test,
  { queue, env }: Stage,
  before: Task,
  committed = BEFORE,
): Promise<void> {
  await until(queue, before.task_id, ({ status }) => status === 'completed', 60_000);
  const ledger = await readLedger(env.DATABASE_URL);
  // Told apart by fence: the first claim after the old owner's may find its type lock, which can outlive its lease by
  // ms, and go back, and then either supervisor may be the successor.
  const old = before.fence ?? 0;
  const first = ledger.findIndex(({ fence }) => fence > old);
  t.ok(first > committed, `the old owner had committed more than ${committed} rows`);
  t.ok(ledger.slice(0, first).every(({ owner, fence }) => owner === before.owner && fence === old));
  const successor = ledger[first];
  t.ok(
    ledger.slice(first).every(({ owner, fence }) => owner === successor?.owner && fence === successor?.fence),
  );
  t.strictSame(
    ledger.filter(({ step }) => step > 0).map(({ step }) => step),
    Array.from({ length: STEPS }, (_, n) => n + 1),
    'every step once',
  );
}
