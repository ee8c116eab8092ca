/** The queue as a process holds it that submits and asks (web, scheduler): it is there even while Redis isn't. */
import type { Config } from '../config.ts';
import { askThroughGate, throughGate } from './gate.ts';
import { Queue } from './queue.ts';
import { openRedisOf } from './redis.ts';
import type { QueueRedis } from './scripts.ts';

export interface QueueAccess {
  config: Config;
  /** null when REDIS_ENABLED=false or no REDIS_URL is set: the gate refuses, and says which. */
  redis: QueueRedis | null;
  queue: Queue | null;
}

/** Opens the connection without waiting for it; it repairs itself for as long as the process lives. */
export function openQueue(config: Config, name: string, onError?: (error: Error) => void): QueueAccess {
  if (!config.REDIS_ENABLED || !config.REDIS_URL) return { config, redis: null, queue: null };
  const redis = openRedisOf(config, onError ? { name, onError } : { name });
  return { config, redis, queue: new Queue(redis, config.REDIS_KEY_PREFIX) };
}

/** Does work on the queue behind the gate. @throws ApiError QUEUE_UNAVAILABLE, and what the work throws */
export function useQueue<T>(access: QueueAccess, work: (queue: Queue) => Promise<T>): Promise<T> {
  const { config, redis, queue } = access;
  // the gate refuses before the work when there is no connection, so there is a queue when it begins
  return throughGate(config, redis, () => work(queue as Queue));
}

/** Asks the queue something behind the gate: for work that changes nothing. @throws as {@link useQueue} */
export function askQueue<T>(access: QueueAccess, ask: (queue: Queue) => Promise<T>): Promise<T> {
  const { config, redis, queue } = access;
  return askThroughGate(config, redis, () => ask(queue as Queue));
}
