/** The log of runs follows each task to its end, whatever happens on the way (R68, R69, R78). */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import type { ClaimedTask, Outcome } from '../../src/queue/task.ts';
import type { Ended, Execution } from '../../src/scheduler/execution-log.ts';
import { ExecutionTracker } from '../../src/scheduler/execution-tracker.ts';
import { ownPostgres } from '../support/own-postgres.ts';
import { openTestQueue, submit } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import type { Torn } from '../support/torn.ts';
import { eventually, fail, LEVEL, openScheduler, recorder } from './support/in-process.ts';
import { freshSchedules, migrateSystem, schedulesOn } from './support/schedules.ts';

const LEASE_MS = 4_000;

/** The test is the supervisor: it claims and finishes. */
async function open(t: Torn) {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const queue = await openTestQueue(t, server.url);
  const { store, firings, log } = schedules;
  const ends: Ended[] = [];
  const { log: logger, lines } = recorder();
  const reportOf = async ({ records_processed }: { records_processed: number }) => ({
    rows: records_processed,
  });
  const onEnd = (end: Ended) => void ends.push(end);
  const tracker = new ExecutionTracker({ queue, store, firings, log, reportOf, onEnd, logger });
  const job = 'sync_daily_by_date';
  /** A run of the job: its task is in the queue. */
  const enqueue = async (max_attempts = 1): Promise<string> => {
    const task_id = await submit(queue, 'noop', { max_attempts });
    await firings.note(job, task_id, 'person');
    return task_id;
  };
  const claim = async (supervisor_id = 'sup-1', lease_ms = LEASE_MS): Promise<ClaimedTask> => {
    const [task] = await queue.claim({ supervisor_id, free: 1, lease_ms });
    return task as ClaimedTask;
  };
  const finish = ({ task_id, fence }: ClaimedTask, outcome: Outcome, supervisor_id = 'sup-1') =>
    queue.finish([{ task_id, fence, supervisor_id, outcome }]);
  const runs = async (): Promise<Execution[]> => {
    await tracker.look();
    return log.getRecentByJobId(job, 100);
  };
  return { ...schedules, queue, tracker, ends, lines, job, enqueue, claim, finish, runs, server };
}

t.test('RUNNING when it begins, SUCCESS with its duration and report when it ends', async (t) => {
  const { configs, queue, job, enqueue, claim, finish, runs, ends } = await open(t);
  const task_id = await enqueue();
  t.strictSame(await runs(), [], 'a task that waits is no run');
  const claimed = await claim();
  const [running] = await runs();
  t.match(running, { job_id: job, status: 'RUNNING', finished_at: null, duration_ms: null, task_id });
  const begun = (await queue.get(task_id))?.started_at ?? 0;
  t.equal(running?.started_at.getTime(), begun);
  t.equal((await configs.getByJobId(job))?.last_run_at?.getTime(), begun, 'last_run_at');
  await delay(30);
  await finish(claimed, { kind: 'completed', records_processed: 12 });
  const done = (await queue.get(task_id))?.completed_at ?? 0;
  t.match(await runs(), [{ status: 'SUCCESS', error_message: null, report: { rows: 12 }, task_id }]);
  const [row] = await runs();
  t.equal(row?.finished_at?.getTime(), done);
  t.equal(row?.duration_ms, done - begun);
  t.match(ends, [{ job_id: job, status: 'SUCCESS' }], 'told once');
});

t.test('FAILED with `Type: message`; the task itself failed just so', async (t) => {
  const { queue, enqueue, claim, finish, runs } = await open(t);
  const task_id = await enqueue();
  const claimed = await claim();
  await finish(claimed, { kind: 'failed', error_type: 'network', error_message: 'no answer from TuShare' });
  t.match(await runs(), [{ status: 'FAILED', error_message: 'network: no answer from TuShare', task_id }]);
  t.match(
    await queue.get(task_id),
    { status: 'failed', last_error_type: 'network' },
    'the error is not swallowed',
  );
});

t.test('one row over a retry and over the death of a supervisor', async (t) => {
  const { queue, enqueue, claim, finish, runs } = await open(t);
  const task_id = await enqueue(3);
  const first = await claim();
  const [began] = await runs();
  await finish(first, { kind: 'retry', delay_ms: 0, error_type: 'network', error_message: 'once' });
  t.match(await runs(), [{ status: 'RUNNING' }], 'a failed attempt is no end');
  await queue.tick('sup-1', [], LEASE_MS);
  await claim('sup-2', 1);
  await eventually('its lease ends', async () => (await queue.reap()).taken.length === 1);
  t.match(await runs(), [{ status: 'RUNNING' }], 'its supervisor was killed');
  const third = await claim('sup-3');
  t.equal(third.task_id, task_id);
  await finish(third, { kind: 'completed', records_processed: 1 }, 'sup-3');
  const [row, ...more] = await runs();
  t.strictSame(more, []);
  t.match(row, { status: 'SUCCESS', started_at: began?.started_at }, 'from the first attempt on');
});

t.test('cancelled before it began, and stopped while it ran: FAILED', async (t) => {
  const { queue, enqueue, claim, finish, runs } = await open(t);
  const waiting = await enqueue();
  await queue.cancel(waiting);
  t.match(await runs(), [{ status: 'FAILED', error_message: 'cancelled: before it began', duration_ms: 0 }]);
  await enqueue();
  await finish(await claim(), { kind: 'cancelled' });
  t.match(await runs(), [{ error_message: 'cancelled: while it ran' }, {}]);
});

t.test('what nobody will ever end is interrupted', async (t) => {
  const { store, tracker, log, job, enqueue, claim, runs, server, lines } = await open(t);
  await enqueue();
  await claim();
  t.match(await runs(), [{ status: 'RUNNING' }]);
  const { Redis } = await import('ioredis');
  const redis = new Redis(server.url);
  await redis.flushall();
  redis.disconnect();
  const [row] = await runs();
  t.match(row, { status: 'FAILED', error_message: /^interrupted: / });
  t.ok((row?.duration_ms ?? -1) >= 0);

  await store.pool.query(
    `INSERT INTO scheduler_execution_log (job_id, started_at, status) VALUES ($1, now() - interval '2 hours', 'RUNNING')`,
    [job],
  );
  await enqueue();
  await claim();
  await tracker.look();
  await tracker.closeInterrupted();
  const rows = await log.getRecentByJobId(job, 10);
  t.match(
    rows.map(({ status, error_message }) => [status, error_message?.split(':')[0] ?? null]),
    [
      ['RUNNING', null],
      ['FAILED', 'interrupted'],
      ['FAILED', 'interrupted'],
    ],
    'a row of a killed process is closed, one that is followed goes on',
  );
  t.match(lines, [{ level: LEVEL.warn, runs: 1 }]);
});

t.test('a failed task that a person runs again is a run of its job too', async (t) => {
  const { queue, tracker, enqueue, claim, finish, runs } = await open(t);
  const task_id = await enqueue();
  await finish(await claim(), { kind: 'failed', error_type: 'network', error_message: 'no answer' });
  t.match(await runs(), [{ status: 'FAILED' }]);
  const again = await queue.retry(task_id);
  await tracker.findRetries();
  await tracker.findRetries();
  await finish(await claim(), { kind: 'completed', records_processed: 5 });
  t.match(await runs(), [
    { status: 'SUCCESS', task_id: again.task_id },
    { status: 'FAILED', task_id },
  ]);
});

t.test(
  'Postgres absent at start, and again while a job runs: told, and neither stops the job (R69, R72)',
  async (t) => {
    const [postgres, server] = await Promise.all([ownPostgres(t), freshRedis(t)]);
    const schedules = schedulesOn(t, postgres.url);
    await migrateSystem(schedules.config);
    await schedules.configs.upsert('ticks', 'ticks', {
      timing: { cron_expression: '* * * * * *', interval_minutes: null, timezone: 'Asia/Shanghai' },
    });
    await postgres.stop();
    const { scheduler, queue, log } = await openScheduler(t, server.url, postgres.url);
    await scheduler.start(fail);
    const errors = () => log.filter(({ level }) => level === LEVEL.error);
    await eventually('an ERROR', () => errors().length === 1);
    t.match(errors(), [{ msg: /Postgres/ }]);

    await postgres.start();
    const task = await eventually('the schedule is loaded later', async () => (await queue.list()).tasks[0]);
    await schedules.configs.disable('ticks');
    await eventually('its row', async () => (await schedules.firings.due()).length === 0);
    const [claimed] = await queue.claim({ supervisor_id: 'sup-1', free: 1, lease_ms: 60_000 });
    await eventually('RUNNING', async () => (await schedules.log.getRecent(1))[0]?.status === 'RUNNING');

    await postgres.stop();
    await eventually('another ERROR', () => errors().length === 2);
    const { task_id, fence } = claimed as ClaimedTask;
    const outcome = { kind: 'completed', records_processed: 3 } as const;
    const { results } = await queue.finish([{ task_id, fence, supervisor_id: 'sup-1', outcome }]);
    t.match(results, [{ result: 'done', status: 'completed' }], 'the job does not notice');
    await postgres.start();
    const row = await eventually('its end, later', async () => {
      const rows = await schedules.log.getRecentByJobId('ticks', 500);
      return rows.find((one) => one.task_id === task_id && one.status !== 'RUNNING');
    });
    t.match(row, { status: 'SUCCESS' });
    t.ok(task.task_id);
    t.equal(errors().length, 2, 'each outage is told once');
  },
);
