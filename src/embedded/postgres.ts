/**
 * An embedded Postgres of our own: loopback, scram password, no unix socket, durable. It runs as `nobody` when we
 * are root, since Postgres refuses to run as root.
 *
 *   <home>/postgres/password   the superuser's, ours alone
 *   <home>/postgres/data       the cluster, of the account that runs it
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { EmbeddedError, PortTaken } from './embedded-error.ts';
import { type Account, makePrivate, makeWalkable, secretIn, unprivilegedAccount } from './home.ts';
import { onFreePort } from './port.ts';
import { findPostgres, type PostgresBinaries } from './postgres-binaries.ts';
import {
  type EmbeddedServer,
  endLeftovers,
  type ServerProcess,
  startServer,
  tailOf,
} from './server-process.ts';

const USER = 'dayline';
/** Recovery after a crash reads at most max_wal_size of log: seconds. */
const READY_WITHIN_MS = 120_000;
const run = promisify(execFile);

export interface PostgresOptions {
  home: string;
  cache?: string;
  database?: string;
  port?: number;
  settings?: Record<string, string>;
}

/** What differs from Postgres' own defaults (which keep fsync, full_page_writes and synchronous_commit on). */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // a path with spaces or a long one breaks sockets; loopback needs none
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '2GB', // bulk loads would force a checkpoint every GB
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * Starts Postgres on the cluster in `<home>/postgres`, made at the first time, after ending one that an earlier run
 * left on it, and makes sure that the database is there.
 * @param cache where the binaries are copied to if they must be; none: `<home>/cache`
 * @param database its name, a plain identifier; none: dayline
 * @param port where it listens; none: any free one
 * @param settings over {@link SETTINGS}
 * @throws EmbeddedError when it doesn't come up; PortTaken when that is because of the port
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedServer> {
  const account = unprivilegedAccount();
  const binaries = await findPostgres(options.cache ?? path.join(options.home, 'cache'), account);
  const folder = makeWalkable(path.join(makeWalkable(options.home), 'postgres'));
  const password = secretIn(path.join(folder, 'password'));
  const data = path.join(folder, 'data');
  if (!fs.existsSync(data)) await makeCluster({ data, binaries, account, password });
  await endLeftovers(data, /^postgres/, 'SIGINT');

  const start = async (port: number) => ({
    port,
    server: await startOn(port, { folder, data, binaries, account, settings: options.settings ?? {} }),
  });
  const { port, server } = await (options.port ? start(options.port) : onFreePort(0, start));
  const urlOf = (database: string) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`;
  const database = options.database ?? 'dayline';
  await makeDatabase(urlOf('postgres'), database);
  return {
    url: urlOf(database),
    port,
    pid: server.pid,
    exited: server.exited,
    running: server.running,
    stop: () => server.stop('SIGINT', 20_000),
  };
}

async function startOn(
  port: number,
  of: {
    folder: string;
    data: string;
    binaries: PostgresBinaries;
    account: Account | undefined;
    settings: Record<string, string>;
  },
): Promise<ServerProcess> {
  // the one that wrote it is gone; its pid may be some other process by now, and Postgres would believe in it
  fs.rmSync(path.join(of.data, 'postmaster.pid'), { force: true });
  const log = path.join(of.folder, 'postgres.log');
  const settings = Object.entries({ ...SETTINGS, ...of.settings, port: String(port) });
  const server = await startServer({
    file: of.binaries.postgres,
    args: ['-D', of.data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: '/',
    log,
    account: of.account,
  });
  await untilReady(server, port, of.data, log);
  return server;
}

/** initdb beside the final place and renamed, so that an interrupted one is never taken for a cluster. */
async function makeCluster(of: {
  data: string;
  binaries: PostgresBinaries;
  account: Account | undefined;
  password: string;
}): Promise<void> {
  const draft = fs.mkdtempSync(`${of.data}.`);
  const cluster = makePrivate(path.join(draft, 'data'), of.account);
  makeWalkable(draft);
  const passwordFile = path.join(draft, 'password');
  fs.writeFileSync(passwordFile, of.password, { mode: 0o600 });
  if (of.account) fs.chownSync(passwordFile, of.account.uid, of.account.gid);
  try {
    await run(
      of.binaries.initdb,
      [
        ...['--pgdata', cluster, '--username', USER, '--pwfile', passwordFile],
        ...['--auth', 'scram-sha-256', '--encoding', 'UTF8'],
        // built in: the same order on every machine, whatever locales it has
        ...['--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ],
      { cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }, ...of.account },
    );
    fs.renameSync(cluster, of.data);
  } catch (cause) {
    const said = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? 'initdb did not run';
    throw new EmbeddedError(
      `The embedded Postgres could not make its cluster (${said}). Name a database in DATABASE_URL.`,
      { cause },
    );
  } finally {
    fs.rmSync(draft, { recursive: true, force: true });
  }
}

/** The postmaster writes "ready" into the eighth line of its pid file, which is where pg_ctl looks too. */
async function untilReady(server: ServerProcess, port: number, data: string, log: string): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (!server.running()) {
      const said = tailOf(log, 5);
      if (said.includes('could not create any TCP/IP sockets')) throw new PortTaken(`Port ${port} is taken.`);
      throw new EmbeddedError(`Postgres ended while starting: ${said}`);
    }
    const lines = linesOf(path.join(data, 'postmaster.pid'));
    if (lines[0] === String(server.pid) && lines[7]?.trim() === 'ready') return;
    await sleep(10);
  }
  await server.stop('SIGINT', 5000);
  throw new EmbeddedError(`Postgres was not ready within ${READY_WITHIN_MS / 1000} s.`);
}

function linesOf(file: string): string[] {
  try {
    return fs.readFileSync(file, 'utf8').split('\n');
  } catch {
    return []; // not written yet
  }
}

async function makeDatabase(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (!rowCount) await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
}
