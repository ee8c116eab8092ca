/** What the tests of the queue share: a queue on a Redis of its own, and tasks to put into it. */
import { Cluster, type Redis } from 'ioredis';
import type { Finish } from '../../src/queue/claims.ts';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { openRedis, untilReady } from '../../src/queue/redis.ts';
import type { QueueRedis } from '../../src/queue/scripts.ts';
import type { ClaimedTask, NewTask, Outcome } from '../../src/queue/task.ts';
import { submit, taskOf } from '../support/queue.ts';
import { type FreshRedis, freshRedis } from '../support/redis.ts';

type Test = Parameters<typeof freshRedis>[0];

export interface QueueBundle {
  redis: QueueRedis;
  queue: Queue;
  /** One more connection with a queue on it, as another process would have. */
  another(): Promise<Queue>;
  connect(name: string, blocking?: boolean): Promise<QueueRedis>;
}

/** On a Redis of its own, or emptied on the cluster that cluster.test.ts has started for the whole file. */
export async function setup(t: Test): Promise<QueueBundle> {
  const bundle = await open(t, process.env.DAYLINE_TEST_CLUSTER ?? (await freshRedis(t)).url);
  if (bundle.redis instanceof Cluster) await emptyRedis(bundle.redis);
  return bundle;
}

/** With a Redis of its own that the test may stop. */
export async function setupWithServer(t: Test): Promise<QueueBundle & { server: FreshRedis }> {
  const server = await freshRedis(t);
  return { ...(await open(t, server.url)), server };
}

async function open(t: Test, url: string): Promise<QueueBundle> {
  const connect = async (name: string, blocking = false) => {
    const redis = openRedis(url, { name, blocking });
    t.teardown(() => redis.disconnect());
    await untilReady(redis, 5000);
    return redis;
  };
  const redis = await connect('dayline:test');
  return {
    redis,
    queue: new Queue(redis, 'stock'),
    connect,
    another: async () => new Queue(await connect('dayline:test:another'), 'stock'),
  };
}

/** A task of a type; every type is its own unless said otherwise, so that none waits for another. */
let types = 0;
export function newTask(over: Partial<NewTask> = {}): NewTask {
  return taskOf(over.dataset ?? `set${types++}`, { mode: 'incremental', ...over });
}

export async function submitOne(queue: Queue, over: Partial<NewTask> = {}): Promise<string> {
  const { dataset, ...more } = newTask(over);
  return submit(queue, dataset, more);
}

export function claim(queue: Queue, supervisor_id: string, free = 1, lease_ms = LEASE_MS) {
  return queue.claim({ supervisor_id, free, lease_ms });
}

export async function claimOne(
  queue: Queue,
  supervisor_id = 's1',
  lease_ms = LEASE_MS,
): Promise<ClaimedTask> {
  const [task] = await claim(queue, supervisor_id, 1, lease_ms);
  if (!task) throw new Error('there was nothing to claim');
  return task;
}

export function ended(task: ClaimedTask, supervisor_id: string, outcome: Outcome): Finish {
  return { task_id: task.task_id, fence: task.fence, supervisor_id, outcome };
}

export const COMPLETED: Outcome = { kind: 'completed', records_processed: 7 };
export const FAILED: Outcome = { kind: 'failed', error_type: 'invalid_params', error_message: 'no such day' };
export const retryIn = (delay_ms: number): Outcome => ({
  kind: 'retry',
  delay_ms,
  error_type: 'network',
  error_message: 'connection reset',
});

/** The clock that the queue decides by, in ms. */
export async function redisNow(redis: QueueRedis): Promise<number> {
  const [seconds, micros] = await redis.time();
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

/** Waits until the clock of Redis has reached a moment. */
export async function untilRedisTime(redis: QueueRedis, at: number): Promise<void> {
  for (let now = await redisNow(redis); now < at; now = await redisNow(redis)) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(1, at - now)));
  }
}

/** Every key there is, of all nodes. */
export async function allKeys(redis: QueueRedis): Promise<string[]> {
  return (await Promise.all(nodesOf(redis).map((node) => node.keys('*')))).flat();
}

/** Removes every key, from all nodes. */
export async function emptyRedis(redis: QueueRedis): Promise<void> {
  await Promise.all(nodesOf(redis).map((node) => node.flushall()));
}

function nodesOf(redis: QueueRedis): Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}
