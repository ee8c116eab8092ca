/** The supervisor is killed with -9 again and again in the middle of a sync, and another one goes on. */
import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { fromFields } from '../../src/queue/fields.ts';
import type { Task } from '../../src/queue/task.ts';
import { worstWindow } from '../../src/simulator/index.ts';
import { submit, until } from '../support/queue.ts';
import { realData, skipWithoutRealData } from '../support/real-data.ts';
import { startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { compareDaily } from './support.ts';

const KILLS = 4;
/** A window ten times faster than the true one, so that the permits of the dead come back within seconds. */
const LIMIT = 60;
const WINDOW_SECONDS = 6;

t.test(
  'four kills at random points cost no row and no value',
  { skip: skipWithoutRealData, timeout: 400_000 },
  async (t) => {
    const folder = realData as string;
    const settings = {
      TUSHARE_RATE_LIMIT_MAX_CALLS: String(LIMIT),
      TUSHARE_RATE_LIMIT_WINDOW_SECONDS: String(WINDOW_SECONDS),
      TUSHARE_HTTP_TIMEOUT_SECONDS: '5',
    };
    const { env, redis, queue, database, simulator } = await startStack(t, settings, folder);
    await simulator.setLimit(0); // TuShare's own 200 a minute would be met before our window
    let supervisor = await startSupervisor(t, env);
    for (const dataset of ['stock_basic', 'trade_cal']) {
      await until(queue, await submit(queue, dataset), (task) => task.status === 'completed', 60_000);
    }
    const task_id = await submit(queue, 'daily', {
      mode: 'history',
      params: { start_date: '20190101', end_date: '20191231' },
      timeout_seconds: 3_600,
    });

    const isBusy = (owner: string | null) => (task: Task) => {
      if (task.status === 'completed' || task.status === 'failed')
        throw new Error(`too late to kill: ${task.status}`);
      return task.status === 'running' && task.owner !== owner && task.records_processed > 0;
    };
    let owner: string | null = null;
    for (let kill = 1; kill <= KILLS; kill++) {
      const task = await until(queue, task_id, isBusy(owner), 60_000);
      owner = task.owner;
      const pause = Math.round(Math.random() * 2_500);
      await delay(pause);
      await supervisor.kill();
      const [{ stored }] = (await database.query('SELECT count(*) AS stored FROM daily')).rows;
      t.comment(`kill ${kill}: ${pause} ms after seeing it at ${task.progress} %, ${stored} rows stored`);
      supervisor = await startSupervisor(t, env);
    }
    let trouble = 'no attempt ended badly';
    const isOver = (task: Task) => {
      if (task.error_message) trouble = `${task.last_error_type}: ${task.error_message}`;
      return task.status === 'completed' || task.status === 'failed';
    };
    const task = await until(queue, task_id, isOver, 200_000);
    t.match(task, { status: 'completed', attempt: 1 }, trouble);
    // More than one claim an owner is no fault: where the lease of the dead ended before its type lock, the first is
    // handed back until that ends too.
    const claims = await claimsOf(t, redis.url, task_id);
    t.strictSame(
      claims.map(({ fence }) => fence),
      claims.map((_, i) => i + 1),
      'every claim raised the fence',
    );
    t.equal(new Set(claims.map(({ owner }) => owner)).size, KILLS + 1, 'every supervisor owned it');
    t.equal(task.fence, claims.length, 'the last one ended it');
    const fences = await database.query("SELECT fence FROM job_fences WHERE job_type = 'daily.history'");
    t.strictSame(fences.rows, [{ fence: task.fence }], 'and Postgres knows no other');

    const daily = await compareDaily(database, folder, '2019');
    t.strictSame(daily.differences, [], `daily is equal to its source (${daily.rows} rows)`);
    t.equal(daily.rows, 882_818);
    t.equal(task.records_processed, daily.rows, 'and no row was counted twice');

    const log = await simulator.log();
    const worst = worstWindow(log, WINDOW_SECONDS * 1000);
    t.ok(worst <= LIMIT, `${worst} calls at the most in any ${WINDOW_SECONDS} s, of ${log.length} in all`);
  },
);

/** Every claim of a task, in order, as the live feed tells them. */
async function claimsOf(t: Test, url: string, task_id: string): Promise<{ owner: string; fence: number }[]> {
  const client = new Redis(url);
  t.teardown(() => client.disconnect());
  const events = (await client.xrange('{stock}:events', '-', '+')).map(
    ([, fields]) => fromFields(fields).text,
  );
  return events
    .filter((field) => field('task_id') === task_id && field('event') === 'claimed')
    .map((field) => ({ owner: String(field('supervisor_id')), fence: Number(field('fence')) }));
}
