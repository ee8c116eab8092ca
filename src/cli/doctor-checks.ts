/** What `dayline doctor` can find out by itself: this Node, Redis, Postgres, the token, the way to TuShare, the clocks. */
import { Redis } from 'ioredis';
import pg from 'pg';
import { monotonicMs } from '../clock.ts';
import type { Config } from '../config.ts';
import { ConfigError, TaskError } from '../errors.ts';
import { oldSettings } from '../old-settings.ts';
import { openRedisOf, untilReady } from '../queue/redis.ts';
import { careUnknown, careWarnings, redisCare } from '../queue/redis-care.ts';
import type { QueueRedis } from '../queue/scripts.ts';
import { connectFault } from '../store/connect-fault.ts';
import { readConnection } from '../store/connection.ts';
import { hasTushareToken } from '../token.ts';
import { measureWay } from '../tushare/way.ts';
import { say } from './language.ts';

export interface Finding {
  check: string;
  status: 'ok' | 'warning' | 'failed';
  message: string;
  /** What to do, in one line; null when all is well. */
  mend: string | null;
}

/** Older ones have not been tried. */
const LOWEST = { node: 24, redis: 7, postgres: 15 };
/** Longest wait for each server, in ms. */
const WITHIN_MS = 5_000;
/** Decisions use the clock of Redis, so a skew only shows in times; past this it confuses people, in ms. */
const SKEW_MS = 2_000;

export const good = (check: string, message: string): Finding => ({
  check,
  status: 'ok',
  message,
  mend: null,
});
export const bad = (check: string, message: string, mend: string): Finding => ({
  check,
  status: 'failed',
  message,
  mend,
});
export const warn = (check: string, message: string, mend: string): Finding => ({
  check,
  status: 'warning',
  message,
  mend,
});

export function checkNode(version = process.versions.node): Finding {
  if (Number(version.split('.')[0]) >= LOWEST.node) return good('node', `Node ${version}`);
  const mend = say(
    'Start it with `npx dayline` or `npm start`, which bring Node 24.',
    '请用 `npx dayline` 或 `npm start` 启动，它们自带 Node 24。',
  );
  return bad('node', `Node ${version}`, mend);
}

export function checkSettings(): Finding {
  const [old] = oldSettings();
  if (old === undefined) return good('settings', say('All can be used.', '均可使用。'));
  return warn('settings', old, say('Remove it from the environment.', '请从环境变量中删除。'));
}

export function checkToken(config: Config): Finding {
  if (hasTushareToken(config)) return good('token', say('TUSHARE_TOKEN is set.', 'TUSHARE_TOKEN 已设置。'));
  const mend = say(
    'Set TUSHARE_TOKEN to your token (https://tushare.pro/user/token). Without it `npm start` shows a simulated market.',
    '请设置 TUSHARE_TOKEN（https://tushare.pro/user/token）；未设置时 `npm start` 使用模拟行情。',
  );
  return warn('token', say('TUSHARE_TOKEN is not set.', '未设置 TUSHARE_TOKEN。'), mend);
}

/** Opens a connection to TuShare, through the proxy if there is one; makes no call. Without a token nobody goes there. */
export async function checkWay(config: Config): Promise<Finding> {
  const check = config.TUSHARE_PROXY_URL ? 'proxy' : 'tushare';
  if (!hasTushareToken(config))
    return good(
      check,
      say('Not looked at: without a token nothing goes there.', '未检查：没有令牌就不会访问 TuShare。'),
    );
  try {
    const { to, through, connect_ms } = await measureWay(config);
    const by =
      through === null ? say('directly', '直连') : say(`through the proxy ${through}`, `经代理 ${through}`);
    return good(
      check,
      say(`${to} ${by}: ${connect_ms} ms to connect`, `${to} ${by}：连接用时 ${connect_ms} 毫秒`),
    );
  } catch (error) {
    if (!(error instanceof TaskError)) throw error;
    const mend = say(
      'Look at TUSHARE_API_URL, TUSHARE_PROXY_URL and NO_PROXY, and whether the proxy runs.',
      '请检查 TUSHARE_API_URL、TUSHARE_PROXY_URL 与 NO_PROXY，并确认代理正在运行。',
    );
    return bad(check, error.message, mend);
  }
}

export async function checkRedis(config: Config): Promise<Finding[]> {
  if (!config.REDIS_ENABLED)
    return [
      warn(
        'redis',
        'REDIS_ENABLED=false',
        say('Set it to true: without a queue nothing runs.', '请设为 true：没有队列任务不会运行。'),
      ),
    ];
  const mend = say(
    'Start Redis, or correct REDIS_URL (`npm start` brings one up).',
    '请启动 Redis 或更正 REDIS_URL（`npm start` 自带一个）。',
  );
  if (!config.REDIS_URL) return [bad('redis', say('REDIS_URL is not set.', '未设置 REDIS_URL。'), mend)];
  let redis: QueueRedis | undefined;
  try {
    redis = openRedisOf(config, { name: 'dayline:doctor' });
    await untilReady(redis, WITHIN_MS);
    return [await redisVersion(redis), ...(await redisKeeps(redis)), await redisClock(redis)];
  } catch (error) {
    return [
      bad(
        'redis',
        say(`It can't be used: ${(error as Error).message}`, `无法使用：${(error as Error).message}`),
        mend,
      ),
    ];
  } finally {
    redis?.disconnect();
  }
}

async function redisVersion(redis: QueueRedis): Promise<Finding> {
  const node = redis instanceof Redis ? redis : redis.nodes('master')[0];
  const version = /^redis_version:(\S+)/m.exec((await node?.info('server')) ?? '')?.[1] ?? '';
  if (Number(version.split('.')[0]) >= LOWEST.redis) return good('redis', `Redis ${version}`);
  return warn(
    'redis',
    `Redis ${version || '?'}`,
    say('Redis 7 or newer is what is tested.', '建议使用 Redis 7 或更新版本。'),
  );
}

async function redisKeeps(redis: QueueRedis): Promise<Finding[]> {
  const care = await redisCare(redis);
  const warnings = careWarnings(care).map(({ code, message }) =>
    warn(
      code,
      message,
      say('redis-cli CONFIG SET, and in redis.conf.', '请用 redis-cli CONFIG SET 修改，并写入 redis.conf。'),
    ),
  );
  const unknown = careUnknown(care).map((what) =>
    warn(
      'redis_unknown',
      say(`Redis does not tell ${what}.`, `Redis 未提供：${what}`),
      say('Look at its host.', '请在服务商处确认。'),
    ),
  );
  const all = [...warnings, ...unknown];
  return all.length > 0
    ? all
    : [good('redis_keeps', say('appendonly yes, noeviction', 'appendonly yes，noeviction'))];
}

async function redisClock(redis: QueueRedis): Promise<Finding> {
  return clock('clock_redis', async () => {
    const [seconds, micros] = await redis.time();
    return Number(seconds) * 1000 + Number(micros) / 1000;
  });
}

export async function checkPostgres(config: Config): Promise<Finding[]> {
  const mend = say(
    'Start Postgres, or correct DATABASE_URL (`npm start` brings one up).',
    '请启动 Postgres 或更正 DATABASE_URL（`npm start` 自带一个）。',
  );
  let client: pg.Client | undefined;
  try {
    client = new pg.Client({
      ...readConnection(config),
      application_name: 'dayline:doctor',
      connectionTimeoutMillis: WITHIN_MS,
      query_timeout: WITHIN_MS,
    });
    client.on('error', () => {});
    await client.connect();
    return [await postgresVersion(client), await postgresTables(client), await postgresClock(client)];
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const fault = connectFault(error);
    const why =
      error instanceof ConfigError ? message : fault ? `${fault.message} (${code})` : (code ?? 'no answer');
    return [bad('postgres', say(`It can't be used: ${why}`, `无法使用：${why}`), mend)];
  } finally {
    client?.end().catch(() => {});
  }
}

async function postgresVersion(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query("select current_setting('server_version') as version");
  const version = String(rows[0].version);
  if (Number.parseInt(version, 10) >= LOWEST.postgres) return good('postgres', `Postgres ${version}`);
  return bad(
    'postgres',
    `Postgres ${version}`,
    say('Use Postgres 15 or newer.', '请使用 Postgres 15 或更新版本。'),
  );
}

async function postgresTables(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query("select to_regclass('sync_tasks') is not null as made");
  if (rows[0].made) return good('tables', say('They are there.', '表已建立。'));
  return bad('tables', say('They are not there.', '表尚未建立。'), 'npx dayline migrate');
}

async function postgresClock(client: pg.Client): Promise<Finding> {
  return clock('clock_postgres', async () => {
    const { rows } = await client.query('select extract(epoch from clock_timestamp()) * 1000 as now');
    return Number(rows[0].now);
  });
}

/** The skew of this machine's clock against another's, asked in the middle of the question's flight. */
async function clock(check: string, ask: () => Promise<number>): Promise<Finding> {
  const [wall, began] = [Date.now(), monotonicMs()];
  const theirs = await ask();
  const skew = Math.round(wall + (monotonicMs() - began) / 2 - theirs);
  const message = say(`This machine is ${skew} ms ahead.`, `本机时钟快 ${skew} 毫秒。`);
  if (Math.abs(skew) <= SKEW_MS) return good(check, message);
  return warn(
    check,
    message,
    say(
      'Set both clocks by NTP; what is decided goes by the clock of Redis.',
      '请用 NTP 校时；系统以 Redis 的时钟为准。',
    ),
  );
}
