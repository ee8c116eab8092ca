/** The Redis servers that keep the type locks: one, or 3 or 5 that know nothing of each other. */
import { type Cluster, Redis } from 'ioredis';
import { commaList } from '../comma-list.ts';
import { ConfigError } from '../errors.ts';
import { inTime } from '../in-time.ts';
import { isSecure } from '../queue/redis.ts';
import type { RedisTls } from '../queue/redis-tls.ts';

export type LockServer = Redis | Cluster;

/** A server that doesn't answer within this counts as down; its vote is then missing. */
const ANSWER_WITHIN_MS = 500;
/** A connection that hears nothing for this long, though it asked, is opened anew. */
const SILENCE_TIMEOUT_MS = 2_000;
/** How long a majority may take to come up. */
const CONNECT_WITHIN_MS = 10_000;

/** A server that is down must cost its vote and nothing else: no queue of commands, no endless waiting. */
const LOCK_CONNECTION = {
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  commandTimeout: ANSWER_WITHIN_MS,
  socketTimeout: SILENCE_TIMEOUT_MS,
  connectTimeout: 2_000,
  lazyConnect: false,
} as const;

/**
 * Connects to the servers of REDLOCK_URLS, or to that of `redis` once more when it is empty.
 * @param tls how rediss:// servers of the setting are checked
 * @throws ConfigError when the setting names another number of servers than 3 or 5, or no Redis URLs.
 */
export function connectLockServers(redis: LockServer, redlockUrls: string, tls: RedisTls): LockServer[] {
  const urls = lockUrls(redlockUrls);
  const servers =
    urls.length > 0
      ? urls.map((url) => new Redis(url, { ...LOCK_CONNECTION, ...(isSecure(url) && { tls }) }))
      : [copyOf(redis)];
  for (const server of servers) lockWhenFull(server);
  return servers;
}

/** On a server whose memory is full (noeviction) a lock is taken all the same: what runs must be able to end. */
function lockWhenFull(server: LockServer): void {
  const define = server.defineCommand.bind(server);
  server.defineCommand = (name, definition) =>
    define(name, { ...definition, lua: `#!lua flags=allow-oom\n${definition.lua}` });
}

/** Redlock's scripts SELECT a database themselves, one number for all servers. @throws ConfigError */
export function databaseOf(servers: LockServer[]): number {
  const numbers = new Set(servers.map((server) => (server instanceof Redis ? (server.options.db ?? 0) : 0)));
  if (numbers.size > 1) throw new ConfigError('REDLOCK_URLS must all name the same database number.');
  return [...numbers][0] ?? 0;
}

/** How many of so many servers are a majority. */
export function majorityOf(servers: number): number {
  return Math.floor(servers / 2) + 1;
}

/** Waits until a majority is connected; false when it isn't within 10 s. */
export async function majorityReady(servers: LockServer[]): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<true>();
  let missing = majorityOf(servers.length);
  const count = () => {
    missing -= 1;
    if (missing === 0) resolve(true);
  };
  for (const server of servers) {
    if (server.status === 'ready') count();
    else server.once('ready', count);
  }
  const came = await inTime(promise, CONNECT_WITHIN_MS, false);
  for (const server of servers) server.off('ready', count);
  return came;
}

function copyOf(redis: LockServer): LockServer {
  return redis instanceof Redis
    ? redis.duplicate(LOCK_CONNECTION)
    : redis.duplicate(undefined, {
        lazyConnect: false,
        enableOfflineQueue: false,
        redisOptions: LOCK_CONNECTION,
      });
}

function lockUrls(setting: string): string[] {
  const urls = commaList(setting);
  if (![0, 3, 5].includes(urls.length)) {
    throw new ConfigError(`REDLOCK_URLS must name 3 or 5 independent Redis servers, not ${urls.length}.`);
  }
  if (!urls.every((url) => URL.canParse(url) && /^rediss?:$/.test(new URL(url).protocol))) {
    throw new ConfigError('REDLOCK_URLS must be redis:// or rediss:// URLs, separated by commas.');
  }
  return urls;
}
