/**
 * `npm start`: everything on one machine. Redis and Postgres (embedded, unless their URLs are set), the tables, the
 * simulator (unless there is a token), web and one supervisor; then a first sync. Ctrl-C ends all of it, in order.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type HeldLock, startOf } from '../../bootstrap/lock.mjs';
import { CliError } from '../cli/client.ts';
import { migrateClearly } from '../cli/migrate.ts';
import { type Config, loadConfig } from '../config.ts';
import { EmbeddedError, PortTaken } from '../embedded/embedded-error.ts';
import { daylineHome, makeWalkable } from '../embedded/home.ts';
import { freePort, onFreePort } from '../embedded/port.ts';
import { ConfigError } from '../errors.ts';
import { ChildFailed } from '../up/child.ts';
import { firstSync } from '../up/first-sync.ts';
import { chooseMarket, claimDatabase, type Market, MarketMismatch } from '../up/market.ts';
import { type Run, removeRun, writeRun } from '../up/run-file.ts';
import { Servers } from '../up/servers.ts';
import { awaitLeftovers, takeHome } from '../up/single.ts';
import { assertRedisAnswers } from '../up/their-redis.ts';
import { sayAlreadyRunning, sayReady, sayWhatIsThere } from '../up/words.ts';
import { Workforce } from '../up/workforce.ts';

/** Web first, so that nothing is submitted any more; the servers after all who use them. */
const STOP_ORDER = ['web', 'supervisor', 'simulator'];
/** A terminal and npm both pass a Ctrl-C on: only a later one means "at once". */
const SECOND_SIGNAL_AFTER_MS = 2000;

/** Somebody asked us to end: not a failure. */
class Interrupted extends Error {}

const begun = performance.now();
const say = (line: string) =>
  console.log(`[${((performance.now() - begun) / 1000).toFixed(1).padStart(5)} s] ${line}`);
const ending = new AbortController();
let interruptedAt: number | undefined;
let lock: HeldLock | undefined;
let servers: Servers | undefined;
let workforce: Workforce | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (interruptedAt === undefined) {
      interruptedAt = performance.now();
      ending.abort(new Interrupted());
    } else if (performance.now() - interruptedAt > SECOND_SIGNAL_AFTER_MS) workforce?.kill();
  });

let home = '';
let failed = false;
try {
  const config = loadConfig();
  home = makeWalkable(daylineHome(config.DAYLINE_HOME));
  const taken = await takeHome(home, say, ending.signal);
  if ('release' in taken) {
    lock = taken;
    await unlessEnding(run(config));
  } else sayAlreadyRunning(taken, home);
} catch (error) {
  failed = !(error instanceof Interrupted) && !(ending.signal.reason instanceof Interrupted);
  if (failed) console.error(explain(ending.signal.reason ?? error));
}
await shutDown();
process.exit(failed ? 1 : 0);

/** Brings everything up, runs the first sync, and then waits for the end. */
async function run(config: Config): Promise<void> {
  await awaitLeftovers(home, say, ending.signal);
  const logs = path.join(home, 'logs');
  fs.mkdirSync(logs, { recursive: true, mode: 0o700 });
  for (const name of fs.readdirSync(logs).filter((name) => name.endsWith('.log')))
    fs.renameSync(path.join(logs, name), path.join(logs, `${name}.1`));

  const market = chooseMarket(config);
  say(`Dayline starts. Data is kept in ${home}`);
  say(`Market: ${market.description}`);
  const record: Run = {
    up: { pid: process.pid, start: startOf(process.pid) },
    started_at: new Date().toISOString(),
    web: null,
    database_url: '',
    redis_url: '',
    processes: [],
  };
  const settings = await bringUpServers(config, market, record, logs);
  const web = await bringUpProcesses(settings, market, record, logs);
  sayReady(web, market, home);
  if (!settings.REDIS_ENABLED)
    console.log('REDIS_ENABLED is false: nothing can be submitted, and no supervisor runs.');
  else {
    try {
      const sync = { home, config: settings, market, web, say, interrupted: ending.signal };
      if (await firstSync(sync)) await sayWhatIsThere(settings, web);
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      console.error(`The first sync did not run. ${error.code}: ${error.message}`);
    }
  }
  console.log(
    '\nRunning. Ctrl-C stops everything; the data stays, and the next start goes on where this one ended.',
  );
  await new Promise(() => {}); // until a signal, or until something is lost
}

/** Redis, Postgres and the tables. @returns the settings with what is embedded filled in */
async function bringUpServers(config: Config, market: Market, record: Run, logs: string): Promise<Config> {
  const redis = config.REDIS_ENABLED && !config.REDIS_URL;
  const postgres = !config.DATABASE_URL;
  let settings = config;
  if (redis || postgres) {
    const database = postgres ? market.database : null;
    servers = new Servers({ home, logs, redis, database, say, onLost: lost });
    say(`Starting ${servers.names} …`);
    record.processes = servers.processes;
    writeRun(home, record);
    await unlessEnding(servers.ready());
    settings = {
      ...config,
      REDIS_URL: servers.redisUrl ?? config.REDIS_URL,
      DATABASE_URL: servers.databaseUrl ?? config.DATABASE_URL,
      // a queue for each market, too, unless the setting names one
      REDIS_KEY_PREFIX:
        market.simulated && !process.env.REDIS_KEY_PREFIX ? `stock_${market.name}` : config.REDIS_KEY_PREFIX,
    };
    for (const [name, url] of [
      ['Redis', servers.redisUrl],
      ['Postgres', servers.databaseUrl],
    ] as const)
      if (url) say(`${name} listens on 127.0.0.1:${new URL(url).port}`);
  }
  record.processes = servers?.processes ?? [];
  record.database_url = settings.DATABASE_URL;
  record.redis_url = settings.REDIS_URL;
  writeRun(home, record);
  if (settings.REDIS_ENABLED && !servers?.redisUrl) await unlessEnding(assertRedisAnswers(settings));
  const { migrations, tables } = await unlessEnding(migrateClearly(settings));
  await claimDatabase(settings, market);
  const changed = migrations.length + tables.filter(({ change }) => change !== 'unchanged').length;
  say(changed > 0 ? `Tables are ready (${changed} made or changed)` : 'Tables are up to date');
  return settings;
}

/** Simulator, web and supervisor. @returns the address of web */
async function bringUpProcesses(
  settings: Config,
  market: Market,
  record: Run,
  logs: string,
): Promise<string> {
  const others = record.processes;
  workforce = new Workforce({
    logs,
    say,
    onLost: lost,
    onChange(children) {
      const own = children.map((child) => child.identity);
      servers?.usedBy(own);
      record.processes = [...others, ...own];
      writeRun(home, record);
    },
  });
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    DAYLINE_HOME: home,
    DATABASE_URL: settings.DATABASE_URL,
    REDIS_URL: settings.REDIS_URL,
    REDIS_KEY_PREFIX: settings.REDIS_KEY_PREFIX,
  };
  if (market.simulated) {
    const port = settings.SIMULATOR_PORT && (await freePort(settings.SIMULATOR_PORT));
    const url = await unlessEnding(workforce.start('simulator', { ...env, SIMULATOR_PORT: String(port) }));
    env.TUSHARE_API_URL = url ?? '';
    env.TUSHARE_TOKEN = 'demo'; // made up: the simulator takes any
    say(`Simulator at ${url}`);
  }
  const supervisor = settings.REDIS_ENABLED && workforce.start('supervisor', env);
  const [url] = await unlessEnding(Promise.all([startWeb(workforce, settings, env), supervisor]));
  record.web = (url ?? '').replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]');
  writeRun(home, record);
  return record.web;
}

/** On its port or the next free one; 0 leaves the choice to the system. @returns its address */
function startWeb(workforce: Workforce, settings: Config, env: NodeJS.ProcessEnv): Promise<string | null> {
  if (settings.PORT === 0) return workforce.start('web', { ...env, PORT: '0' });
  return onFreePort(settings.PORT, async (port) => {
    if (port !== settings.PORT) say(`Port ${settings.PORT} is taken; web takes ${port}`);
    try {
      return await workforce.start('web', { ...env, PORT: String(port) });
    } catch (error) {
      if (error instanceof ChildFailed && /PORT \d+ is taken/.test(error.message))
        throw new PortTaken(error.message);
      throw error;
    }
  });
}

/** Rejects as soon as the end has begun, so that no step holds it up. */
async function unlessEnding<T>(work: Promise<T>): Promise<T> {
  const ended = new Promise<never>((_, reject) => {
    if (ending.signal.aborted) reject(ending.signal.reason);
    ending.signal.addEventListener('abort', () => reject(ending.signal.reason), { once: true });
  });
  work.catch(() => {}); // when the end came first, what becomes of the work is no news
  return Promise.race([work, ended]);
}

function lost(message: string): void {
  if (!ending.signal.aborted) ending.abort(new ChildFailed(message));
}

/** Processes first, then Redis, then Postgres; nothing is left behind. */
async function shutDown(): Promise<void> {
  if (!lock) return;
  if (workforce || servers) console.log('');
  await workforce?.stop(STOP_ORDER, (name) => say(`Stopping ${name} …`));
  if (servers) {
    say(`Stopping ${servers.names} …`);
    await servers.stop();
  }
  removeRun(home);
  lock.release();
  say('Stopped.');
}

/** One line for what the operator can mend; the whole error for what is our fault. */
function explain(error: unknown): unknown {
  const known = [ConfigError, EmbeddedError, ChildFailed, MarketMismatch, CliError];
  return known.some((kind) => error instanceof kind) ? (error as Error).message : error;
}
