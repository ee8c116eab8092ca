/** How Dayline opens a connection to Redis. */
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Config } from '../config.ts';
import { type RedisTls, type RedisTlsSettings, redisTls } from './redis-tls.ts';
import type { QueueRedis } from './scripts.ts';

/** Longest wait for the first byte of a connection, in ms. */
export const CONNECT_TIMEOUT_MS = 2000;
/** A command that hears nothing for this long is given up and its connection opened anew, in ms. */
export const SILENCE_TIMEOUT_MS = 5000;
/** Longest sleep in one blocking command, in ms: a connection that has died unseen is opened anew 5 s later. */
export const BLOCKED_AT_MOST_MS = 30_000;
/** Longest pause before the next try to reconnect, in ms: short, so that work resumes soon after Redis is back. */
const RECONNECT_PAUSE_MS = 500;

export type RedisSettings = RedisTlsSettings & Pick<Config, 'REDIS_URL'>;

export interface OpenRedisOptions {
  /** Shown by CLIENT LIST: `dayline:web`, `dayline:supervisor:<id>`, … */
  name: string;
  /** For blocking commands (the doorbell): they may be silent for longer. */
  blocking?: boolean;
  /** How a rediss:// server is checked; against the public certificates where it is left out. */
  tls?: RedisTls;
  /** Told of every connection error; the connection repairs itself. */
  onError?: (error: Error) => void;
}

/**
 * Opens a connection that fails fast and repairs itself: while Redis is away every command is rejected at once
 * instead of waiting in memory, a command in flight is rejected and never sent twice (a second claim would take
 * tasks that nobody runs), and reconnecting goes on for ever.
 * @param url redis:// or rediss:// (TLS); user, password and database number in it are used. Several, separated by
 * commas, are nodes of one Redis Cluster; user, password and TLS are those of the first.
 */
export function openRedis(url: string, options: OpenRedisOptions): QueueRedis {
  const urls = url.split(',').map((one) => one.trim());
  const redis = urls.length > 1 ? openCluster(urls, options) : new Redis(url, settingsOf(options, url));
  // Without a listener ioredis prints every failed try to reconnect.
  redis.on('error', options.onError ?? (() => {}));
  return redis;
}

/** Whether a URL asks for TLS. */
export const isSecure = (url: string) => url.startsWith('rediss:');

/** The same for the Redis of the settings, its certificate checked as they say. @throws ConfigError for a bad REDIS_TLS_CA */
export function openRedisOf(settings: RedisSettings, options: Omit<OpenRedisOptions, 'tls'>): QueueRedis {
  return openRedis(settings.REDIS_URL, { ...options, tls: redisTls(settings) });
}

const retryStrategy = (times: number) => Math.min(50 * times, RECONNECT_PAUSE_MS);

function settingsOf(options: OpenRedisOptions, url: string): RedisOptions {
  return {
    ...(isSecure(url) ? { tls: options.tls ?? {} } : {}),
    connectionName: options.name,
    connectTimeout: CONNECT_TIMEOUT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy,
    // After a failover the old primary answers READONLY: look up the address again.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    socketTimeout: options.blocking ? BLOCKED_AT_MOST_MS + SILENCE_TIMEOUT_MS : SILENCE_TIMEOUT_MS,
  };
}

function openCluster(urls: string[], options: OpenRedisOptions): Cluster {
  const first = urls[0] as string;
  const { username, password } = new URL(first);
  const cluster = new Cluster(urls, {
    redisOptions: {
      ...settingsOf(options, first),
      ...(username ? { username: decodeURIComponent(username) } : {}),
      ...(password ? { password: decodeURIComponent(password) } : {}),
    },
    // Certificates name hosts, not addresses.
    ...(isSecure(first) ? { dnsLookup: (address, done) => done(null, address) } : {}),
    enableOfflineQueue: false,
    clusterRetryStrategy: retryStrategy,
    slotsRefreshTimeout: CONNECT_TIMEOUT_MS,
    // Otherwise a command whose connection broke would be sent again, though it may have been done.
    retryDelayOnFailover: 0,
  });
  // Connections are made at their first command otherwise, and the second one is refused until then.
  cluster.on('+node', (node: Redis) => void node.connect().catch(() => {}));
  return cluster;
}

/** Resolves when a cluster that is ready has also connected to its primaries, or failed to; at once for one Redis. */
export async function nodesConnected(redis: QueueRedis): Promise<void> {
  if (!(redis instanceof Cluster)) return;
  const connecting = redis.nodes('master').filter(({ status }) => CONNECTING.includes(status));
  await Promise.all(
    connecting.map(
      (node) =>
        new Promise<void>((resolve) => {
          for (const event of ['ready', 'close', 'end']) node.once(event, resolve);
        }),
    ),
  );
}

const CONNECTING = ['wait', 'connecting', 'connect'];

/** Resolves when the connection can take commands. @throws Error when it can't within `timeout_ms`. */
export async function untilReady(redis: QueueRedis, timeout_ms: number): Promise<void> {
  if (redis.status === 'ready') return nodesConnected(redis);
  let timer: NodeJS.Timeout | undefined;
  let ready: () => void = () => {};
  try {
    await new Promise<void>((resolve, reject) => {
      ready = resolve;
      redis.once('ready', ready);
      timer = setTimeout(
        () => reject(new Error(`Redis is not reachable within ${timeout_ms} ms`)),
        timeout_ms,
      );
    });
  } finally {
    clearTimeout(timer);
    redis.off('ready', ready);
  }
  await nodesConnected(redis);
}
