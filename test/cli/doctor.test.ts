// What `dayline doctor` finds out, on real servers: each check once well and once not, and how to mend it.
import t, { type Test } from 'tap';
import { checkNode } from '../../src/cli/doctor-checks.ts';
import { migrate } from '../../src/store/migrate.ts';
import { startApi, testConfig } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { freshDatabase } from '../support/postgres.ts';
import { freshRedis } from '../support/redis.ts';
import { simulatorProcess } from '../support/simulator.ts';
import { startSupervisor } from '../support/supervisor.ts';

interface Finding {
  check: string;
  status: string;
  message: string;
  mend: string | null;
}

async function findings(t: Test, env: Record<string, string>) {
  const { code, stdout, stderr } = await dayline(t, ['doctor', '--json'], env);
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: Finding[] };
  t.equal(stderr, '');
  t.equal(code === 0, ok, 'the exit code says the same');
  return { code, byName: Object.fromEntries(checks.map((one) => [one.check, one])) };
}

t.test('all is well', async (t) => {
  const [redis, database, simulator] = await Promise.all([
    freshRedis(t),
    freshDatabase(t),
    simulatorProcess(t),
  ]);
  const env = {
    REDIS_URL: redis.url,
    DATABASE_URL: database.url,
    TUSHARE_API_URL: simulator.url,
    TUSHARE_TOKEN: 'token-of-the-tests',
  };
  await migrate(testConfig(env));
  const api = await startApi(t, env);
  await startSupervisor(t, env);
  const { code, byName } = await findings(t, { ...env, DAYLINE_URL: api.url });
  t.equal(code, 0);
  t.match(byName, {
    node: { status: 'ok', message: `Node ${process.versions.node}`, mend: null },
    settings: { status: 'ok' },
    redis: { status: 'ok', message: /^Redis [\d.]+$/ },
    redis_keeps: { status: 'ok', message: 'appendonly yes, noeviction' },
    clock_redis: { status: 'ok', message: /^This machine is -?\d+ ms ahead\.$/ },
    postgres: { status: 'ok', message: /^Postgres 18/ },
    tables: { status: 'ok' },
    clock_postgres: { status: 'ok' },
    token: { status: 'ok', message: 'TUSHARE_TOKEN is set.' },
    tushare: { status: 'ok', message: /directly: [\d.]+ ms to connect$/ },
    web: { status: 'ok', message: api.url },
    supervisors: { status: 'ok', message: /^1 alive/ },
    calls: { status: 'ok', message: '0 / 195 in 60 s' },
  });
  t.same(await simulator.log(), [], 'no call is made without --call');
});

t.test('everything is wrong, each with how to mend it', async (t) => {
  const [redis, database] = await Promise.all([freshRedis(t), freshDatabase(t)]);
  const { code, byName } = await findings(t, {
    REDIS_URL: redis.url.replace(/:\d+$/, ':1').replace(/:(\d+)\/?$/, ':1'),
    DATABASE_URL: database.url,
    TUSHARE_API_URL: 'http://127.0.0.1:1',
    TUSHARE_TOKEN: 'token-of-the-tests',
    TUSHARE_MIN_INTERVAL: '0.35',
    DAYLINE_URL: 'http://127.0.0.1:1',
  });
  t.equal(code, 1);
  t.match(byName, {
    settings: { status: 'warning', message: /TUSHARE_MIN_INTERVAL is set/ },
    redis: { status: 'failed', mend: /REDIS_URL/ },
    postgres: { status: 'ok' },
    tables: { status: 'failed', mend: 'npx dayline migrate' },
    token: { status: 'ok' },
    tushare: {
      status: 'failed',
      message: "127.0.0.1:1 can't be reached (ECONNREFUSED).",
      mend: /TUSHARE_API_URL/,
    },
    web: { status: 'warning' },
  });
  const { password } = new URL(database.url);
  t.ok(password);
  t.notMatch(JSON.stringify(byName), password);
});

t.test('no Postgres, a Redis that loses tasks, no supervisor', async (t) => {
  const redis = await freshRedis(t);
  const { Redis } = await import('ioredis');
  const admin = new Redis(redis.url);
  await admin.config('SET', 'appendonly', 'no');
  await admin.config('SET', 'maxmemory', '100mb');
  await admin.config('SET', 'maxmemory-policy', 'allkeys-lru');
  admin.disconnect();
  const api = await startApi(t, { REDIS_URL: redis.url });
  const { code, byName } = await findings(t, {
    REDIS_URL: redis.url,
    DATABASE_URL: 'postgres://user:secret-word@127.0.0.1:1/x',
    DAYLINE_URL: api.url,
  });
  t.equal(code, 1);
  t.match(byName, {
    redis_evicts: { status: 'warning', mend: /redis-cli/ },
    redis_no_aof: { status: 'warning' },
    postgres: {
      status: 'failed',
      message: "It can't be used: unreachable (ECONNREFUSED)",
      mend: /DATABASE_URL/,
    },
    supervisors: { status: 'failed', mend: 'node src/bin/supervisor.ts' },
  });
  t.notMatch(JSON.stringify(byName), 'secret-word');
});

t.test('in words, in English and in Chinese; help names its options', async (t) => {
  const env = {
    DAYLINE_URL: 'http://127.0.0.1:1',
    TUSHARE_API_URL: 'http://127.0.0.1:1',
    DAYLINE_HOME: '/nowhere',
  };
  const english = await dayline(t, ['doctor'], env);
  t.equal(english.code, 1);
  t.match(english.stdout, /^warning +token +TUSHARE_TOKEN is not set\.\n +→ Set TUSHARE_TOKEN/m);
  t.match(english.stdout, /^ok +tushare +Not looked at/m, 'the simulator stands in');
  t.match(english.stdout, /^ok +node +Node 24/m);
  t.match(english.stdout, /^FAILED +redis +REDIS_URL is not set\.\n +→ Start Redis/m);
  const chinese = await dayline(t, ['doctor'], { ...env, LC_ALL: 'zh_CN.UTF-8' });
  t.match(chinese.stdout, /^失败 +redis +未设置 REDIS_URL。\n +→ 请启动 Redis/m);
  t.match((await dayline(t, ['doctor', '--help'])).stdout, /--call +make one call[\s\S]*--json/);
  const wrong = await dayline(t, ['doctor'], { ...env, PORT: 'x' });
  t.match(wrong.stdout, /^FAILED +settings +.*PORT/m);
});

t.test('an old Node is named', async (t) => {
  t.match(checkNode('20.11.0'), { status: 'failed', message: 'Node 20.11.0', mend: /npx dayline/ });
});
