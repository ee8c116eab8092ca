/** The doorbell: how an idle supervisor sleeps until there is work, without polling (R25). */
import { BLOCKED_AT_MOST_MS } from './redis.ts';
import type { QueueRedis } from './scripts.ts';

/** What rang: there is work for somebody, or one supervisor is to beat; null: nothing did. */
export type Ring = 'work' | 'own' | null;

/**
 * Sleeps until work arrives, at most `timeout_ms` and at most 30 s.
 * @param connection its own blocking connection (openRedis with `blocking`): it is held all the while
 * @param doorbell the key, queueKeys(prefix).doorbell
 * @param bell the key that rings for this supervisor alone, queueKeys(prefix).bell
 * @throws the connection's error when it breaks
 */
export async function waitForBell(
  connection: QueueRedis,
  timeout_ms: number,
  doorbell: string,
  bell?: string,
): Promise<Ring> {
  // 0 would mean for ever.
  if (timeout_ms < 1) return null;
  const bells = bell ? [bell, doorbell] : [doorbell];
  const rung = await connection.blpop(bells, Math.min(timeout_ms, BLOCKED_AT_MOST_MS) / 1000);
  if (!rung) return null;
  return rung[0] === doorbell ? 'work' : 'own';
}
