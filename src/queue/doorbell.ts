/** The doorbell: how an idle supervisor sleeps until there is work, without polling (R25). */
import { BLOCKED_AT_MOST_MS } from './redis.ts';
import type { QueueRedis } from './scripts.ts';

/**
 * Sleeps until work arrives, at most `timeout_ms` and at most 10 s.
 * @param connection its own blocking connection (openRedis with `blocking`): it is held all the while
 * @param doorbell the key, queueKeys(prefix).doorbell
 * @returns whether it rang
 * @throws the connection's error when it breaks
 */
export async function waitForBell(
  connection: QueueRedis,
  doorbell: string,
  timeout_ms: number,
): Promise<boolean> {
  // 0 would mean for ever.
  if (timeout_ms < 1) return false;
  return (await connection.blpop(doorbell, Math.min(timeout_ms, BLOCKED_AT_MOST_MS) / 1000)) !== null;
}
