/** The call window's own connection to Redis. */
import Bottleneck from 'bottleneck';
import { type Cluster, Redis } from 'ioredis';
import type { Logger } from '../log.ts';

/** Opens it, with the settings of `redis`, which is copied and not used. */
export function connectWindow(
  redis: Redis | Cluster,
  log: Logger,
): { client: Redis | Cluster; connection: Bottleneck.IORedisConnection } {
  const client = copyOf(redis);
  const connection = new Bottleneck.IORedisConnection({ client, Redis });
  tellOutages(connection, client, log);
  return { client, connection };
}

function copyOf(redis: Redis | Cluster): Redis | Cluster {
  // Nothing is given up: Bottleneck has one registration under way at a time and would wait for a lost answer for
  // ever. So a wish outlasts a restart of Redis, and waiters have a patience of their own.
  const options = {
    lazyConnect: false,
    enableOfflineQueue: true,
    autoResendUnfulfilledCommands: true,
    maxRetriesPerRequest: null,
  };
  return redis instanceof Redis
    ? redis.duplicate(options)
    : redis.duplicate(undefined, { lazyConnect: false, redisOptions: options });
}

/** Both connections report every attempt; one line for an outage and one for its end are enough. */
function tellOutages(connection: Bottleneck.IORedisConnection, client: Redis | Cluster, log: Logger): void {
  let away = false;
  connection.on('error', (error) => {
    if (!away) log.warn({ err: error }, 'call window: Redis is away; permits wait for it');
    away = true;
  });
  client.on('ready', () => {
    if (away) log.info('call window: Redis is back');
    away = false;
  });
}
