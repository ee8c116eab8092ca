/** `dayline schedules` against a real web process' application and database. */
import t from 'tap';
import { freshSchedules } from '../scheduler/support/schedules.ts';
import { startApi } from '../support/api.ts';
import { dayline } from '../support/cli.ts';
import { openTestQueue } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';

t.test('schedules: list, set, run, log and stop', async (t) => {
  const [{ config, configs, log }, redis] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const api = await startApi(t, { REDIS_URL: redis.url, DATABASE_URL: config.DATABASE_URL });
  const env = { DAYLINE_URL: api.url };
  const run = (...args: string[]) => dayline(t, ['schedules', ...args], env);

  const list = await run();
  t.equal(list.code, 0, list.stderr);
  t.match(list.stdout, /sync_daily_by_date +cron\[0 18 \* \* \*\] +\d{4}-\d\d-\d\d 18:00 +- +- +-/);
  t.match(list.stdout, /sync_daily_history +- +-/);

  const set = await run('set', 'sync_daily_by_date', '--at', '17:45');
  t.match(set.stdout, /cron\[45 17 \* \* \*\] +\S+ 17:45/);
  t.match(await configs.getByJobId('sync_daily_by_date'), { cron_expression: '45 17 * * *' });
  await run('set', 'sync_stock_basic', '--every', '90');
  t.match(await configs.getByJobId('sync_stock_basic'), { interval_minutes: 90 });
  t.match(await run('set', 'sync_stock_basic', '--cron', '61 * * * *'), {
    code: 1,
    stderr: /^VALIDATION_FAILED: .*61/,
  });
  t.match(await run('set', 'sync_stock_basic', '--at', 'noon'), {
    code: 1,
    stderr: /^VALIDATION_FAILED: .*HH:MM/,
  });
  t.match(await run('set', 'nobody', '--every', '5'), { code: 1, stderr: /^NOT_FOUND: .*sync_stock_basic/ });

  const triggered = await run('run', 'sync_daily_by_date', '--kwargs', '{"target_date":"20260213"}');
  const [, id = ''] = /Submitted: sync_daily_by_date (\S+)/.exec(triggered.stdout) ?? [];
  const queue = await openTestQueue(t, redis.url);
  t.match(await queue.get(id), { job_type: 'daily.incremental', params: { target_date: '20260213' } });
  t.match(await run('run', 'sync_daily_by_date', '--kwargs', '[1]'), { code: 1, stderr: /JSON object/ });

  t.match((await run('stop', 'sync_daily_by_date')).stdout, /no longer scheduled/);
  t.equal((await configs.getByJobId('sync_daily_by_date'))?.enabled, false);
  t.match((await run('list')).stdout, /sync_daily_by_date +off/);

  t.match((await run('log')).stdout, /No runs yet/);
  const at = Date.parse('2026-02-13T10:00:00Z');
  await log.update({
    job_id: 'sync_daily_by_date',
    task_id: 'a',
    started_at: at,
    finished_at: at + 65_000,
    status: 'SUCCESS',
    error_message: null,
    report: { rows: 5_123, gaps_left: 2, calls: 7, summary: '3 of 3 units stored' },
  });
  t.match(
    (await run('log', 'sync_daily_by_date')).stdout,
    /2026-02-13 18:00 +success +1:05 +5,123 +2 +7 +3 of 3 units stored/,
  );
  const json = JSON.parse((await run('log', '--json', '--limit', '1')).stdout);
  t.match(json, [{ task_id: 'a', report: { calls: 7 } }]);
  t.equal(JSON.parse((await run('list', '--json')).stdout).length, 6);
  t.match(await dayline(t, ['schedules', 'log'], { ...env, LANG: 'zh_CN.UTF-8' }), { stdout: /成功/ });
});
