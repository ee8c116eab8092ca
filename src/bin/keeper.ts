/**
 * Holds the embedded Redis and Postgres. A process apart from `up`, so that when `up` is killed the servers still end
 * in good order: after web and supervisors, Redis before Postgres.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity, startOf } from '../../bootstrap/lock.mjs';
import { EmbeddedError } from '../embedded/embedded-error.ts';
import { onFreePort } from '../embedded/port.ts';
import { startPostgres } from '../embedded/postgres.ts';
import { startRedis } from '../embedded/redis.ts';
import { findRedis } from '../embedded/redis-binary.ts';
import type { FromKeeper, ToKeeper } from '../up/keeper-messages.ts';
import { removeRun } from '../up/run-file.ts';

/** A little more than the 25 s our processes give themselves. */
const USERS_LIMIT_MS = 30_000;
/** A server that ends unasked is started again, this often in a minute. */
const RESTARTS_PER_MINUTE = 5;

interface Server {
  url: string;
  port: number;
  pid: number;
  exited: Promise<void>;
  stop(): Promise<void>;
}

let home = '';
let users: ProcessIdentity[] = [];
let redis: Server | undefined;
let postgres: Server | undefined;
let stopping = false;
let starting: Promise<void> = Promise.resolve();

process.on('message', (message: ToKeeper) => {
  if (message.type === 'start') starting = start(message);
  else users = message.processes;
});
process.on('disconnect', () => void stop()); // `up` has vanished
if (!process.connected) void stop(); // already while our modules were loaded
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());

async function start(wanted: Extract<ToKeeper, { type: 'start' }>): Promise<void> {
  home = wanted.home;
  try {
    // Redis may have to be fetched and Postgres to make its cluster: both at once
    const [forRedis, forPostgres] = await Promise.allSettled([
      wanted.redis && bringUpRedis(wanted.redis.port),
      wanted.postgres && bringUpPostgres(wanted.postgres.port, wanted.postgres.database),
    ]);
    for (const result of [forRedis, forPostgres]) if (result.status === 'rejected') throw result.reason;
    report();
  } catch (error) {
    const message = error instanceof EmbeddedError ? error.message : String((error as Error)?.stack ?? error);
    console.error(error);
    tell({ type: 'failed', message });
  }
}

async function bringUpRedis(preferred: number): Promise<void> {
  const binary = await findRedis(path.join(home, 'cache'), (line) => tell({ type: 'say', line }));
  const launch = (port: number) => startRedis({ dir: path.join(home, 'redis'), binary, port });
  redis = await onFreePort(preferred, launch);
  void keepUp('Redis', redis, launch, (server) => {
    redis = server;
  });
}

async function bringUpPostgres(preferred: number, database: string): Promise<void> {
  const launch = (port: number) => startPostgres({ home, port, database });
  postgres = await onFreePort(preferred, launch);
  void keepUp('Postgres', postgres, launch, (server) => {
    postgres = server;
  });
}

/** Starts a server again on the same port when it ends unasked; gives up, loudly, when it does so again and again. */
async function keepUp(
  name: string,
  first: Server,
  launch: (port: number) => Promise<Server>,
  took: (server: Server) => void,
) {
  const restarts: number[] = [];
  for (let server = first; ; ) {
    await server.exited;
    if (stopping) return;
    restarts.push(performance.now());
    if (restarts.filter((at) => performance.now() - at < 60_000).length > RESTARTS_PER_MINUTE)
      return tell({
        type: 'failed',
        message: `${name} ended ${restarts.length} times, the last ones within a minute.`,
      });
    tell({ type: 'say', line: `${name} has ended unasked; starting it again …` });
    try {
      server = await launch(first.port);
    } catch (error) {
      console.error(error);
      return tell({ type: 'failed', message: `${name} ended and did not come up again.` });
    }
    took(server);
    if (stopping) return server.stop();
    report();
  }
}

function report(): void {
  const processes = [
    { name: 'redis', server: redis },
    { name: 'postgres', server: postgres },
  ].flatMap(({ name, server }) => (server ? [{ name, pid: server.pid, start: startOf(server.pid) }] : []));
  tell({ type: 'up', redis_url: redis?.url ?? null, database_url: postgres?.url ?? null, processes });
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await starting;
  const deadline = performance.now() + USERS_LIMIT_MS;
  while (users.some(isRunning) && performance.now() < deadline) await sleep(50);
  for (const { pid } of users.filter(isRunning)) endGroup(pid);
  await redis?.stop();
  await postgres?.stop();
  if (home && !process.connected) removeRun(home);
  process.exit(0);
}

/** Our processes lead their own groups. */
function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function tell(message: FromKeeper): void {
  if (process.connected) process.send?.(message, () => {}); // when `up` has just gone, 'disconnect' follows
}
