/** Redis is away for longer than a lease (4 s): runs pause at a safe point by the clock, and lose nothing by it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import t from 'tap';
import { monotonicMs } from '../../src/clock.ts';
import { makeLedger, readLedger } from '../faults/support/ledger.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { startStack } from '../support/stack.ts';
import { type SupervisorProcess, startSupervisor } from '../support/supervisor.ts';
import { fail, openCrew } from './support/crew.ts';

const TERMINATED = 'the thread of a task is terminated';
const said = (supervisor: SupervisorProcess, words: string) =>
  supervisor.log.filter(({ msg }) => msg === words).length;
/** Longer than a lease and the grace that its owners get afterwards, in ms. */
const AWAY_MS = 6_500;

t.test('a run that listens pauses; with Redis it comes back, no attempt and no loss counted', async (t) => {
  const redis = await freshRedis(t);
  const queue = await openTestQueue(t, redis.url);
  const env = { REDIS_URL: redis.url, SUPERVISOR_THREADS: '2' };
  const owner = await startSupervisor(t, env);
  const task_id = await submit(queue, 'steady', { params: { steps: 60, step_ms: 100 } });
  await until(queue, task_id, ({ progress }) => progress > 0);
  const other = await startSupervisor(t, env);
  await redis.stop();
  t.match(await owner.logged(({ msg }) => msg === 'a task is asked to pause'), { task_id, reason: /Redis/ });
  await delay(AWAY_MS); // the length of the outage itself: every lease is long over
  await redis.restart();
  const again = await until(queue, task_id, ({ fence, status }) => status === 'running' && fence === 2);
  t.match(again, { attempt: 0, losses: 0, last_error_type: null }, 'it was handed back, not lost');
  t.match(await until(queue, task_id, ({ status }) => status === 'completed'), { attempt: 1, losses: 0 });
  t.equal(said(owner, TERMINATED) + said(other, TERMINATED), 0, 'no thread was ended for it');
});

t.test(
  'a thread that does not listen is ended when its lease ends: not before, and not at the next beat',
  async (t) => {
    const redis = await freshRedis(t);
    const { queue, runs, puller, keeper, lockKeeper, watch } = await openCrew(t, redis.url);
    for (const service of [puller, keeper, lockKeeper, watch]) await service.start(fail);
    const task_id = await submit(queue, 'idles');
    await until(queue, task_id, ({ status }) => status === 'running');
    await redis.stop();
    const [run] = runs.all();
    await lockKeeper.stop(); // its next beat would end the run too, but later
    const end = run?.held_until ?? 0;
    while (run && run.held_until <= end) await delay(5);
    const late = monotonicMs() - end;
    t.ok(late >= 0 && late < 1_000, `its thread had left ${Math.round(late)} ms after the end`);
    await redis.restart();
    const back = await until(queue, task_id, ({ fence }) => (fence ?? 0) > 1 || fence === null);
    t.match(back, { attempt: 0, losses: 0 });
  },
);

t.test('a sync stores what it has fetched, and goes on at the very unit', async (t) => {
  const { env, redis, queue, database, simulator } = await startStack(t, {
    SYNC_CALLS_IN_FLIGHT: '2',
    SUPERVISOR_THREADS: '1',
  });
  const supervisor = await startSupervisor(t, env);
  for (const dataset of ['stock_basic', 'trade_cal'])
    await until(queue, await submit(queue, dataset), ({ status }) => status === 'completed');
  await simulator.clearLog();
  await simulator.setLatency(150);
  const params = { start_date: '20260601', end_date: '20261031' };
  // a backfill asks by days, so that a call is a unit; a history's block is one unit of many calls
  const task_id = await submit(queue, 'daily', { mode: 'backfill', params, timeout_seconds: 600 });
  const { rows: none } = await database.query(`SELECT 1 FROM coverage WHERE dataset = 'daily'`);
  t.equal(none.length, 0);
  await until(queue, task_id, () => false, 2_000).catch(() => {}); // some answers wait for their batch by now
  await redis.stop();
  await supervisor.logged(
    ({ msg, reason }) => msg === 'a task is asked to pause' && /Redis/.test(`${reason}`),
  );
  let stored = 0;
  while (stored === 0) {
    const { rows } = await database.query(`SELECT current_offset FROM sync_tasks WHERE status = 'PAUSED'`);
    stored = rows[0]?.current_offset ?? 0;
    await delay(10);
  }
  const asked = (await simulator.log()).length;
  t.comment(`${asked} calls, ${stored} units stored at the pause`);
  t.ok(asked - stored <= 0, 'nothing that was fetched is lost');
  await redis.restart();
  const task = await until(queue, task_id, ({ status }) => ['completed', 'failed'].includes(status), 60_000);
  t.match(task, { status: 'completed', attempt: 1, losses: 0 }, task.error_message ?? 'no error');
  const days = (await simulator.log()).map(({ params }) => JSON.stringify(params));
  t.equal(new Set(days).size, days.length, 'no unit was asked for twice');
  t.equal(said(supervisor, TERMINATED), 0);
});

t.test('lock servers are renewed while the queue’s Redis hangs', async (t) => {
  const [main, ...lockServers] = await Promise.all([1, 2, 3, 4].map(() => freshRedis(t)));
  const REDLOCK_URLS = lockServers.map(({ url }) => url).join(',');
  const { queue, runs, puller, keeper, lockKeeper } = await openCrew(t, main?.url as string, {
    REDLOCK_URLS,
  });
  for (const service of [puller, keeper, lockKeeper]) await service.start(fail);
  const task_id = await submit(queue, 'steady', { params: { steps: 200, step_ms: 50 } });
  await until(queue, task_id, ({ progress }) => progress > 0);
  const [run] = runs.all();
  main?.freeze();
  let renewals = 0;
  const frozen = monotonicMs();
  for (let before = run?.lock_until ?? 0; renewals < 2 && monotonicMs() - frozen < 4_500; await delay(10)) {
    const now = run?.lock_until ?? 0;
    if (now > before) renewals += 1;
    before = now;
  }
  main?.thaw();
  t.equal(renewals, 2, 'twice, before the silence of the queue is even noticed');
  t.match(await until(queue, task_id, ({ status }) => status === 'completed'), { attempt: 1, losses: 0 });
});

t.test('Postgres refuses a fence while Redis is away: a quiet way back, and then it goes on', async (t) => {
  const { env, redis, queue, database } = await startStack(t, {});
  await makeLedger(env.DATABASE_URL as string);
  const supervisor = await startSupervisor(t, env);
  const params = { steps: 2, step_ms: 1 };
  await until(queue, await submit(queue, 'ledger', { params }), ({ status }) => status === 'completed');
  await database.query('BEGIN');
  await database.query(`UPDATE job_fences SET fence = 40 WHERE job_type = 'ledger.full'`);
  const task_id = await submit(queue, 'ledger', { params });
  await untilBlocked(database);
  await redis.stop();
  await database.query('COMMIT'); // now it is refused
  await supervisor.logged(({ msg }) => msg === 'Redis is away: nothing can be claimed or renewed');
  await redis.restart();
  const task = await until(queue, task_id, ({ status }) => ['completed', 'failed'].includes(status));
  t.match(task, { status: 'completed', attempt: 1, losses: 0 }, task.error_message ?? 'no error');
  t.strictSame(
    supervisor.log.filter(({ level }) => Number(level) >= 50),
    [],
    'nothing was logged as an error',
  );
  t.equal(
    (await readLedger(env.DATABASE_URL as string)).filter(({ task_id: id }) => id === task_id).length,
    3,
  );
});

/** Resolves when a statement of a task waits for a lock that somebody holds. */
async function untilBlocked(database: Client): Promise<void> {
  for (;;) {
    const { rows } = await database.query('SELECT 1 FROM pg_locks WHERE NOT granted');
    if (rows.length > 0) return;
    await delay(10);
  }
}
