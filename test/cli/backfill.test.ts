/** `dayline plan`, `backfill` and `gaps` against a real web process, Redis and Postgres. */
import { PassThrough } from 'node:stream';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { confirm } from '../../src/cli/plan.ts';
import { LEASE_MS, Queue } from '../../src/queue/queue.ts';
import { startApi } from '../support/api.ts';
import { dayline, program } from '../support/cli.ts';
import { freshRedis } from '../support/redis.ts';
import { bench, daily, smallMarket } from '../sync/support.ts';

async function setUp(t: Test) {
  const here = await bench(t);
  const { codes, open } = await smallMarket(here, 20);
  here.answers = (request) => daily(codes, open, request).filter((row) => row.trade_date !== '20190108');
  await here.run({ mode: 'backfill', params: { start_date: '20190107', end_date: '20190111' } });
  const redis = await freshRedis(t);
  const api = await startApi(t, { DATABASE_URL: here.config.DATABASE_URL, REDIS_URL: redis.url });
  const env = { DAYLINE_URL: api.url };
  const run = (...args: string[]) => dayline(t, args, env);
  return { here, redis, api, env, run };
}

const DAYS = ['--from', '20190107', '--to', '20190120'];

t.test('plan: the cost in words or as JSON, and nothing is submitted', async (t) => {
  const { run, api, env } = await setUp(t);
  const plan = await run('plan', 'daily', ...DAYS);
  t.match(plan, { code: 0, stderr: '' });
  t.match(plan.stdout, /^Plan {8}daily\.backfill\nFetches {5}10 partitions, 20190107 – 20190118\n/);
  t.match(plan.stdout, /^Again {7}4 of them are complete already; --missing leaves them out$/m);
  t.match(plan.stdout, /^Calls {7}1, 0:00 at the present budget \(195 of 195 free\)$/m);
  t.match(plan.stdout, /^Rows {8}about 200, [\d.]+ kB in Postgres$/m);
  t.match(plan.stdout, /^Deadline {4}1:00:00$/m);
  const missing = await run('plan', 'daily', ...DAYS, '--missing');
  t.match(
    missing.stdout,
    /^Fetches {5}6 partitions, 20190108 – 20190118\nLeaves out {2}4 that are complete$/m,
  );
  const json = JSON.parse((await run('plan', 'daily', ...DAYS, '--json')).stdout);
  t.match(json, { partitions: 10, complete: 4 });
  const chinese = await dayline(t, ['plan', 'daily', ...DAYS], { ...env, LC_ALL: 'zh_CN.UTF-8' });
  t.match(chinese.stdout, /^计划 {8}daily\.backfill\n获取 {8}10 个分区/);
  t.match(await run('plan', 'daily', '--dates', '20190107', '--missing'), {
    code: 1,
    stderr: /^USAGE: --dates/,
  });
  t.match(await run('plan', 'daily', '--mode', 'history'), {
    code: 1,
    stderr: /^PREREQUISITE_MISSING: .*trade_cal/,
  });
  t.equal((await api.get('/api/v1/tasks')).body.data.total, 0);
});

t.test('backfill: shows the plan, submits after a yes, and follows to the end', async (t) => {
  const { run, api, env, redis } = await setUp(t);
  const unasked = await run('backfill', 'daily', ...DAYS);
  t.match(unasked, { code: 1, stdout: /^Plan/, stderr: /^USAGE: .*add --yes/ });
  t.equal((await api.get('/api/v1/tasks')).body.data.total, 0, 'without a terminal nothing is submitted');

  const connection = new Redis(redis.url);
  t.teardown(() => connection.disconnect());
  const queue = new Queue(connection, 'stock');
  const following = program(t, 'cli.ts', ['backfill', 'daily', ...DAYS, '--missing', '--yes'], env);
  await following.prints(/6 partitions[\s\S]*Submitted: daily\.backfill \w+\n/);
  const [run1] = await queue.claim({ supervisor_id: 's', free: 1, lease_ms: LEASE_MS });
  t.match(run1?.params, { start_date: '20190107', end_date: '20190120', missing: true });
  const mine = { task_id: run1?.task_id ?? '', fence: run1?.fence ?? 0, supervisor_id: 's' };
  await queue.progress(mine, 50, 60);
  await following.prints(/50% {2}60 rows {2}0:\d\d, about 0:\d\d left/);
  await queue.finish([{ ...mine, outcome: { kind: 'completed', records_processed: 120 } }]);
  t.match(await following.ended, { code: 0, stdout: /Completed: daily\.backfill/ });
});

t.test('backfill: nothing to fetch is no task; a dataset without days is fetched whole', async (t) => {
  const { run, here, api } = await setUp(t);
  const nothing = await run('backfill', 'daily', '--from', '20190107', '--to', '20190107', '--missing');
  t.match(nothing, { code: 0, stdout: /0 partitions[\s\S]*Nothing to fetch\.\n$/ });
  t.match(await run('plan', 'stock_basic'), { code: 0, stdout: /^Plan {8}stock_basic\.full/ });
  await here.db.query('TRUNCATE stock_basic');
  t.match(await run('backfill', 'daily', ...DAYS, '--yes'), {
    code: 1,
    stderr: /^PREREQUISITE_MISSING: .*submit stock_basic full/,
  });
  t.equal((await api.get('/api/v1/tasks')).body.data.total, 0);
});

t.test('the question: a yes is a yes, all else and silence a no', async (t) => {
  const ask = (text: string | null) => {
    const input = new PassThrough();
    const answer = confirm(input, new PassThrough());
    input.end(text ?? undefined);
    return answer;
  };
  t.same(await Promise.all(['y\n', 'YES\n', '是\n'].map(ask)), [true, true, true]);
  t.same(await Promise.all(['n\n', '\n', 'yesterday\n', null].map(ask)), [false, false, false, false]);
});

t.test('gaps: of one dataset, of all, for scripts', async (t) => {
  const { run, here } = await setUp(t);
  const gaps = await run('gaps', 'daily', '--to', '20190120');
  t.equal(gaps.code, 2, gaps.stderr);
  t.match(gaps.stdout, /^missing {2}20190108 +- +1 +0 +20 +yes$/m);
  t.match(gaps.stdout, /^absent {3}20190114 +20190118 +5 +0 +100 +yes$/m);
  t.match(gaps.stdout, /6 are missing or short\. .*npx dayline backfill daily/);
  t.ok(
    gaps.stdout.split('\n').every((line) => !line.startsWith('absent') || line.length <= 80),
    'fits a terminal',
  );
  const json = JSON.parse((await run('gaps', 'daily', '--to', '20190120', '--json')).stdout);
  t.match(json, { partitions: 6, gaps: [{ state: 'missing' }, { state: 'absent', partitions: 5 }] });
  t.match(await run('gaps', 'daily', '--to', '20190120', '--limit', '1'), { stdout: /… and 1 more/ });
  t.match(await run('gaps'), { code: 2, stdout: /^daily +20190111 +5 +1 +0 +0$/m });
  t.match(await run('gaps', 'dayly'), { code: 1, stderr: /^UNKNOWN_DATASET/ });
  await here.db.query('DELETE FROM coverage');
  t.match(await run('gaps'), { code: 0, stdout: /^Nothing is stored yet\.\n$/ });
});
