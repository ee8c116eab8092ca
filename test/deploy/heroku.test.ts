/**
 * The application as Heroku runs it: Procfile and app.json as they stand, release, one web and two supervisors, Redis
 * and Postgres over TLS with self-signed certificates, 20 connections of each, 512 MB a dyno. A quarter is fetched while
 * dynos restart and one is killed. (Web is held to loopback here: nothing of a test listens elsewhere.)
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import t from 'tap';
import { assertMayListen } from '../../src/api/auth.ts';
import { loadConfig } from '../../src/config.ts';
import { unprivilegedAccount } from '../../src/embedded/home.ts';
import { freePort } from '../../src/embedded/port.ts';
import { read } from '../docs/support.ts';
import { selfSigned } from '../support/certificate.ts';
import { freshFolder } from '../support/folder.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { freshRedis } from '../support/redis.ts';
import { simulatorProcess } from '../support/simulator.ts';
import type { Torn } from '../support/torn.ts';
import { type Dyno, dyno, procfile } from './support/foreman.ts';

/** Of heroku-postgresql:essential-0 and heroku-redis:mini. */
const CONNECTIONS = 20;
const MOST_REDIS = { web: 3, supervisor: 5 };
const MOST_MEMORY_MB = 512;

t.test(
  'a dyno restarts and another dies in mid-sync, within the limits of Heroku',
  { timeout: 240_000 },
  async (t) => {
    const commands = procfile();
    t.match(commands.web, /^HOST=0\.0\.0\.0 node src\/bin\/web\.ts$/, 'web is open to the router');
    const stores = await storesOverTls(t);
    const simulator = await simulatorProcess(t);
    const env: Record<string, string> = {
      ...settingsOfTheApp(),
      ...stores.env,
      TUSHARE_TOKEN: 'token',
      TUSHARE_API_URL: simulator.url,
      PORT: '0',
    };
    assertMayListen(loadConfig({ ...env, HOST: '0.0.0.0' }));

    const release = dyno(t, commands.release as string, env);
    t.strictSame(await release.ended, [0, null], release.printed());
    const startWeb = () => dyno(t, (commands.web as string).replace('0.0.0.0', '127.0.0.1'), env);
    const startSupervisor = () => dyno(t, commands.supervisor as string, env);
    let web = startWeb();
    const supervisors = [startSupervisor(), startSupervisor()] as [Dyno, Dyno];
    let call = await caller(web, env.API_OPERATE_TOKENS as string);

    for (const dataset of ['trade_cal', 'stock_basic']) await call.toItsEnd({ dataset });
    await simulator.setLatency(300); // so that what is restarted is in the middle
    const params = { start_date: '20260401', end_date: '20260630' };
    const history = await call.submit({ dataset: 'daily', mode: 'history', params });
    await call.until(history, ({ progress }) => progress > 10);
    await stores.withinLimits(t, 'while everything runs');
    t.strictSame(await supervisors[0].stop(), [0, null], 'a dyno that restarts stops in time');
    supervisors[0] = startSupervisor();
    await call.until(history, ({ progress }) => progress > 30);
    await supervisors[1].kill();
    supervisors[1] = startSupervisor();
    t.strictSame(await web.stop(), [0, null]);
    web = startWeb();
    call = await caller(web, env.API_OPERATE_TOKENS as string);
    await simulator.setLatency(0);
    const ended = await call.until(history, ({ status }) => status === 'completed' || status === 'failed');
    t.match(ended, { status: 'completed', attempt: 1 });
    await stores.withinLimits(t, 'afterwards');

    const { rows } = await stores.database.query(
      `SELECT count(*) FILTER (WHERE state = 'complete')::int AS complete, count(*)::int AS days, sum(fetched_rows)::int AS rows,
            (SELECT count(*)::int FROM daily) AS stored
     FROM coverage WHERE dataset = 'daily'`,
    );
    const [{ complete, days, rows: fetched, stored }] = rows;
    t.ok(days > 55, `${days} days`);
    t.equal(complete, days, 'every day is complete');
    t.equal(stored, fetched, 'and in the table');
    for (const [name, one] of Object.entries({
      web,
      'supervisor.1': supervisors[0],
      'supervisor.2': supervisors[1],
    })) {
      const memory = Math.round(one.mostMemoryMb());
      t.ok(memory < MOST_MEMORY_MB, `${name} had at most ${memory} MB`);
    }
  },
);

t.test(
  'a certificate that nobody has vouched for is refused, unless it is named',
  { timeout: 60_000 },
  async (t) => {
    const { env, cert } = await storesOverTls(t);
    const redis = (settings: Record<string, string>) => {
      const one = dyno(t, 'node src/bin/cli.ts doctor --json', {
        REDIS_URL: env.REDIS_URL as string,
        ...settings,
      });
      return one.ended.then(() =>
        JSON.parse(one.printed().replace(/^[^{]*/, '')).checks.find(
          ({ check }: { check: string }) => check === 'redis',
        ),
      );
    };
    t.match(await redis({}), { check: 'redis', status: 'failed' });
    t.match(await redis({ REDIS_TLS_CA: cert }), { check: 'redis', status: 'ok' });
    t.match(
      await redis({ REDIS_TLS_CA: cert.replaceAll('\n', '\\n') }),
      { status: 'ok' },
      'its line ends lost',
    );
  },
);

/** What app.json sets, with the secrets it generates. */
function settingsOfTheApp(): Record<string, string> {
  const { env, formation } = JSON.parse(read('app.json'));
  t.strictSame(Object.keys(formation), ['web', 'supervisor']);
  const named = Object.entries<{ value?: string; generator?: string }>(env);
  return Object.fromEntries(
    named.map(([name, { value, generator }]) => [
      name,
      generator ? randomBytes(16).toString('hex') : (value ?? ''),
    ]),
  );
}

/** Redis and Postgres that take connections over TLS, so many and no more. */
async function storesOverTls(t: Torn) {
  const { key, cert } = selfSigned();
  const folder = freshFolder(t, 'tls');
  const files = { key: path.join(folder, 'key.pem'), cert: path.join(folder, 'cert.pem') };
  fs.writeFileSync(files.key, key, { mode: 0o600 });
  fs.writeFileSync(files.cert, cert);
  const account = unprivilegedAccount();
  if (account) fs.chownSync(files.key, account.uid, account.gid);

  const [plain, postgres, tlsPort] = await Promise.all([
    freshRedis(t),
    ownPostgres(t, { ssl: 'on', ssl_cert_file: files.cert, ssl_key_file: files.key }),
    freePort(),
  ]);
  const redis = new Redis(plain.url);
  t.teardown(() => redis.disconnect());
  await redis.config('SET', 'tls-cert-file', files.cert, 'tls-key-file', files.key);
  await redis.config('SET', 'tls-auth-clients', 'no');
  await redis.config('SET', 'tls-port', tlsPort);
  await redis.config('SET', 'maxclients', CONNECTIONS + 1); // one is the test's

  const admin = new pg.Client({ connectionString: postgres.url });
  await admin.connect();
  await admin.query(`CREATE ROLE app LOGIN PASSWORD 'app-password' CONNECTION LIMIT ${CONNECTIONS}`);
  await admin.query('CREATE DATABASE app OWNER app');
  await admin.end();
  const watch = new URL(postgres.url);
  watch.pathname = 'app';
  const database = new pg.Client({ connectionString: watch.href });
  await database.connect();
  t.teardown(() => database.end());

  const url = new URL(postgres.url);
  const password = new URL(plain.url).password;
  return {
    cert,
    database,
    env: {
      REDIS_URL: `rediss://:${password}@127.0.0.1:${tlsPort}`,
      DATABASE_URL: `postgres://app:app-password@127.0.0.1:${url.port}/app`,
    } as Record<string, string>,
    /** Every connection is encrypted, and none is one too many. */
    async withinLimits(t: typeof import('tap').default | Torn, when: string) {
      const test = t as typeof import('tap').default;
      const clients = (await redis.client('LIST')) as string;
      const names = [...clients.matchAll(/ laddr=\S+:(\d+) .*? name=(\S*)/g)].map(([, port, name]) => ({
        port,
        name,
      }));
      const ours = names.filter(({ port }) => port === String(tlsPort));
      test.equal(names.length - ours.length, 1, `${when}: only the test has a plain connection to Redis`);
      test.ok(ours.length <= MOST_REDIS.web + 2 * MOST_REDIS.supervisor, `${when}: ${ours.length} to Redis`);
      const { rows } = await database.query(
        `SELECT count(*)::int AS sessions, count(*) FILTER (WHERE NOT ssl)::int AS plain
         FROM pg_stat_activity JOIN pg_stat_ssl USING (pid) WHERE usename = 'app'`,
      );
      test.equal(rows[0].plain, 0, `${when}: none to Postgres is plain`);
      test.ok(rows[0].sessions <= CONNECTIONS, `${when}: ${rows[0].sessions} to Postgres`);
    },
  };
}

interface SeenTask {
  status: string;
  progress: number;
  attempt: number;
}

/** Web by its token. */
async function caller(web: Dyno, token: string) {
  const [url] = await web.prints(/http:\/\/127\.0\.0\.1:\d+/);
  const ask = async (route: string, body?: object) => {
    const answer = await fetch(`${url}/api/v1${route}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const { success, data, message } = (await answer.json()) as {
      success: boolean;
      data: unknown;
      message: string;
    };
    if (!success) throw new Error(`${route}: ${message}`);
    return data;
  };
  const submit = async (body: object) => ((await ask('/tasks', body)) as { task_id: string }).task_id;
  const until = async (task_id: string, wanted: (task: SeenTask) => boolean) => {
    for (let looks = 0; looks < 1_200; looks += 1) {
      const task = (await ask(`/tasks/${task_id}`)) as SeenTask;
      if (wanted(task)) return task;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`task ${task_id} is not as wanted after two minutes`);
  };
  const toItsEnd = async (body: object) => until(await submit(body), ({ status }) => status === 'completed');
  return { submit, until, toItsEnd };
}
