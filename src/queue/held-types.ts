/** Which job types a task holds, when its hash is not there to tell. */
import { Cluster } from 'ioredis';
import type { QueueRedis } from './scripts.ts';

const LOOKED_AT_ONCE = 1_000;

/**
 * Looks through all keys, a thousand at a time, so that nobody is held up: for a repair, and for nothing else.
 * @param prefix what the keys of types start with
 */
export async function typesHeldBy(redis: QueueRedis, prefix: string, task_id: string): Promise<string[]> {
  const held: string[] = [];
  for (const node of redis instanceof Cluster ? redis.nodes('master') : [redis]) {
    for await (const keys of node.scanStream({ match: `${prefix}*`, count: LOOKED_AT_ONCE })) {
      for (const key of keys as string[])
        if ((await redis.get(key)) === task_id) held.push(key.slice(prefix.length));
    }
  }
  return held;
}
