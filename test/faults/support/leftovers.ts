/** What nobody may have left behind when nothing runs any more: in Redis and in Postgres. */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Finding } from './checks.ts';
import { openSessions } from './ledger.ts';

/** Keys that are there only while something waits or runs; an empty set or hash has no key. */
const TRANSIENT =
  /:(task_queue:\d(:\w+)?|index:waiting|delayed|running|parked:.*|type:.*|lock:.*|blocked:.*|executions:(pending|running))$/;
/** A lock that its owner could not give up ends by itself within 4 s; a killed backend takes a moment. */
const SETTLED_WITHIN_MS = 10_000;

/** @param prefix what the keys start with, braces and all. */
export async function findLeftovers(
  redisUrl: string,
  databaseUrl: string,
  prefix: string,
): Promise<Finding[]> {
  const redis = new Redis(redisUrl);
  try {
    const end = performance.now() + SETTLED_WITHIN_MS;
    for (;;) {
      const keys = (await redis.keys(`${prefix}*`)).filter((key) => TRANSIENT.test(key));
      const blocked = Number((await redis.get(`${prefix}blocked`)) ?? 0);
      if (blocked !== 0) keys.push(`blocked = ${blocked}`);
      const sessions = await openSessions(databaseUrl);
      const left = [...keys.map((key) => `key ${key}`), ...sessions.map((session) => `session ${session}`)];
      if (left.length === 0 || performance.now() > end) return left.map((what) => ({ what }));
      await delay(200);
    }
  } finally {
    redis.disconnect();
  }
}
