/** The Redis and the Postgres of a run: its own, real, and restartable in several ways on the same port and data. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startPostgres } from '../../../src/embedded/postgres.ts';
import { startRedis } from '../../../src/embedded/redis.ts';
import type { RedisBinary } from '../../../src/embedded/redis-binary.ts';
import type { EmbeddedServer } from '../../../src/embedded/server-process.ts';
import { freshFolder } from '../../support/folder.ts';
import type { Torn } from '../../support/torn.ts';

export interface RestartableServer {
  readonly url: string;
  readonly port: number;
  /** Ends it (`stop` as an operator would, `kill` with SIGKILL), and starts it again after `away_ms`. */
  restart(how: 'stop' | 'kill', away_ms: number): Promise<void>;
}

/**
 * @param appendfsync `always`: what is acknowledged survives a kill -9. `everysec` may lose a little then (docs/operations.md,
 * What a killed Redis keeps), so that an event can be seen which then has not been.
 */
export async function startRedisServer(
  t: Torn,
  binary: RedisBinary,
  appendfsync: 'always' | 'everysec',
): Promise<RestartableServer> {
  const dir = path.join(freshFolder(t, 'faults-redis'), 'data');
  return restartable(t, async (port?: number) => {
    const server = await startRedis({ dir, binary, ...(port ? { port } : {}) });
    const redis = new Redis(server.url);
    await redis.config('SET', 'appendfsync', appendfsync);
    redis.disconnect();
    return server;
  });
}

/** @param cache where the binaries of Postgres are, or are put. */
export async function startPostgresServer(t: Torn, cache: string): Promise<RestartableServer> {
  const home = freshFolder(t, 'faults-postgres');
  // Only processes are killed here, not the machine: what the kernel has, it keeps.
  const settings = { fsync: 'off', full_page_writes: 'off' };
  const server = await restartable(t, (port?: number) =>
    startPostgres({ home, cache, settings, ...(port ? { port } : {}) }),
  );
  return server;
}

async function restartable(
  t: Torn,
  start: (port?: number) => Promise<EmbeddedServer>,
): Promise<RestartableServer> {
  let server = await start();
  const { url, port } = server;
  const kill = async () => {
    if (server.running()) process.kill(server.pid, 'SIGKILL');
    await server.exited;
  };
  t.teardown(kill);
  return {
    url,
    port,
    async restart(how, away_ms) {
      await (how === 'kill' ? kill() : server.stop());
      await delay(away_ms);
      server = await start(port);
    },
  };
}

/** Repeats work on Postgres until it is there again. @throws the last error after 30 s. */
export async function withPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const end = performance.now() + 30_000;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } catch (error) {
      if (performance.now() > end) throw error;
      await delay(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
