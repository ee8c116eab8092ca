/**
 * Whether the Redis of the queue keeps what it is given. One that may evict keys can lose any task in silence; one
 * without an append-only file loses everything at a crash. Some hosts don't tell: unknown is not the same as fine.
 */
import { Cluster, type Redis } from 'ioredis';
import type { QueueRedis } from './scripts.ts';

export interface RedisCare {
  /** `possible`: keys may be evicted when its memory is full. */
  eviction: 'never' | 'possible' | 'unknown';
  append_only: 'on' | 'off' | 'unknown';
}

/** By INFO, which hosts that forbid CONFIG still answer; of a cluster the worst of its primaries. Never throws. */
export async function redisCare(redis: QueueRedis): Promise<RedisCare> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const cares = await Promise.all(nodes.map(careOf));
  const worst = <T>(order: readonly T[], of: (care: RedisCare) => T) =>
    order.find((value) => cares.some((care) => of(care) === value)) as T;
  return {
    eviction: worst(['possible', 'unknown', 'never'], (care) => care.eviction) ?? 'unknown',
    append_only: worst(['off', 'unknown', 'on'], (care) => care.append_only) ?? 'unknown',
  };
}

/** What an operator should be told; nothing when all is well. */
export function careWarnings({ eviction, append_only }: RedisCare): { code: string; message: string }[] {
  const warnings: { code: string; message: string }[] = [];
  const warn = (code: string, message: string) => warnings.push({ code, message });
  if (eviction === 'possible')
    warn(
      'redis_evicts',
      'Redis may evict keys, and with them tasks: set its maxmemory-policy to noeviction.',
    );
  if (append_only === 'off')
    warn(
      'redis_no_aof',
      'Redis keeps no append-only file and loses the queue at a crash: set appendonly yes.',
    );
  return warnings;
}

/** What could not be found out, in words; nothing when all is known. */
export function careUnknown({ eviction, append_only }: RedisCare): string[] {
  return [
    ...(eviction === 'unknown' ? ['whether it may evict keys (maxmemory-policy must be noeviction)'] : []),
    ...(append_only === 'unknown' ? ['whether it has an append-only file (appendonly must be yes)'] : []),
  ];
}

async function careOf(node: Redis): Promise<RedisCare> {
  const info = async (section: string) => fieldsOf(await node.info(section).catch(() => ''));
  const [memory, persistence] = await Promise.all([info('memory'), info('persistence')]);
  return { eviction: evictionOf(memory), append_only: appendOnlyOf(persistence.get('aof_enabled')) };
}

function evictionOf(memory: Map<string, string>): RedisCare['eviction'] {
  const [limit, policy] = [memory.get('maxmemory'), memory.get('maxmemory_policy')];
  if (limit === '0' || policy === 'noeviction') return 'never';
  return limit === undefined || policy === undefined ? 'unknown' : 'possible';
}

function appendOnlyOf(enabled: string | undefined): RedisCare['append_only'] {
  if (enabled === undefined) return 'unknown';
  return enabled === '1' ? 'on' : 'off';
}

function fieldsOf(info: string): Map<string, string> {
  return new Map([...info.matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, name = '', value = '']) => [name, value]));
}
