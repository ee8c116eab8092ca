/** How full one pool of slots is, read from Redis without changing it. */
import type { LimitsRedis } from './limit-keys.ts';

export interface PoolUsage {
  /** Most calls in any trailing window: what holds in Redis now; before the first process ran, the setting. */
  limit: number;
  /** Slots that are counted: calls under way, calls of the last window, and those of processes that died. */
  used: number;
  /** Calls that could start at once. */
  free: number;
  /**
   * ms until the next counted slot is free at the latest, null when none is counted. A call under way is counted
   * until it could have come to an end; when it ends earlier, so does this.
   */
  next_free_in_ms: number | null;
  /** Who holds the slots, the most first: process (a supervisor's id) and slots. */
  spent_by: { process: string; used: number }[];
}

/**
 * Every counted slot has an end in `job_expirations`; those whose end is past by the clock of Redis are free, though
 * Bottleneck takes them out only on its next command.
 * @param id of Bottleneck's keys @param limit before the first process ran
 */
export async function poolUsage(redis: LimitsRedis, id: string, limit: number): Promise<PoolUsage> {
  const [[seconds, micros], held, slots] = await Promise.all([
    redis.time(),
    redis.hget(`b_${id}_settings`, 'maxConcurrent'),
    redis.zrange(`b_${id}_job_expirations`, '0', '-1', 'WITHSCORES'),
  ]);
  const now = Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
  const byProcess = new Map<string, number>();
  let used = 0;
  let next = Number.POSITIVE_INFINITY;
  for (let i = 0; i < slots.length; i += 2) {
    const ends = Number(slots[i + 1]);
    if (ends < now) continue;
    used += 1;
    next = Math.min(next, ends - now);
    const process = String(slots[i]).split(':')[0] ?? '';
    byProcess.set(process, (byProcess.get(process) ?? 0) + 1);
  }
  const most = held ? Number(held) : limit;
  return {
    limit: most,
    used,
    free: Math.max(0, most - used),
    next_free_in_ms: used === 0 ? null : next,
    spent_by: [...byProcess]
      .map(([process, slots]) => ({ process, used: slots }))
      .toSorted((a, b) => b.used - a.used),
  };
}
