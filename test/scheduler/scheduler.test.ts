/** What is due is enqueued once, by one of several schedulers; what was missed, refused or broken is told. */
import { setTimeout as delay } from 'node:timers/promises';
import t from 'tap';
import type { FiringState } from '../../src/scheduler/firing-states.ts';
import { LEADER_LOCK, Leadership } from '../../src/scheduler/leadership.ts';
import { ScheduleLoader } from '../../src/scheduler/load.ts';
import { firingTaskId } from '../../src/scheduler/uuid5.ts';
import { submit } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { eventually, fail, LEVEL, openScheduler, recorder } from './support/in-process.ts';
import { testJobs } from './support/jobs.ts';
import { freshSchedules, type Schedules } from './support/schedules.ts';

const MINUTE_MS = 60_000;
const everySecond = { cron_expression: '* * * * * *', interval_minutes: null, timezone: 'Asia/Shanghai' };

interface Row {
  job_id: string;
  due_at: Date;
  state: FiringState;
  task_id: string;
  reason: string | null;
}
async function rowsOf({ store }: Schedules, job_id: string): Promise<Row[]> {
  const { rows } = await store.pool.query<Row>(
    'SELECT * FROM scheduler_firings WHERE job_id = $1 ORDER BY due_at',
    [job_id],
  );
  return rows;
}

/** A schedule that was made at another time. */
async function scheduledAt(schedules: Schedules, job_id: string, at: number): Promise<void> {
  await schedules.store.pool.query('UPDATE scheduler_job_config SET scheduled_at = $2 WHERE job_id = $1', [
    job_id,
    new Date(at),
  ]);
}

/** Daily at the minute in which an instant lies, in UTC. */
const dailyAt = (at: Date) => ({
  cron_expression: `${at.getUTCMinutes()} ${at.getUTCHours()} * * *`,
  interval_minutes: null,
  timezone: 'UTC',
});

t.test(
  'of the stored schedules exactly those are followed that are enabled, known and sound (R71, R72)',
  async (t) => {
    const { configs, store, config } = await freshSchedules(t);
    for (const job_id of ['ticks', 'other', 'failing'])
      await configs.upsert(job_id, job_id, { timing: everySecond });
    await configs.disable('other');
    await store.pool.query(
      `UPDATE scheduler_job_config SET cron_expression = 'whenever' WHERE job_id = 'failing'`,
    );
    const { log, lines } = recorder();
    const loader = new ScheduleLoader(testJobs({ config, redis: null, queue: null }), log);
    const load = async () => loader.load(await configs.getAll()).map((live) => live.config.job_id);
    t.strictSame(await load(), ['ticks']);
    t.strictSame(await load(), ['ticks']);
    const warned = lines.filter(({ level }) => level === LEVEL.warn).map(({ job_id }) => job_id);
    t.strictSame(
      warned,
      ['sync_concept_data', 'sync_daily_by_date', 'sync_incremental_finance', 'sync_stock_basic'],
      'each unknown one once',
    );
    t.match(
      lines.filter(({ level }) => level === LEVEL.error),
      [{ job_id: 'failing', err: { message: /whenever/ } }],
      'and the broken one once',
    );
    await configs.upsert('failing', '', { timing: everySecond });
    t.strictSame(await load(), ['failing', 'ticks'], 'a row that is mended is followed again');
  },
);

t.test('two schedulers: each moment is enqueued once; a change takes effect within 2 s', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { configs, config } = schedules;
  const both = [
    await openScheduler(t, server.url, config.DATABASE_URL, { supervisor_id: 'sup-a' }),
    await openScheduler(t, server.url, config.DATABASE_URL, { supervisor_id: 'sup-b' }),
  ];
  for (const { scheduler } of both) await scheduler.start(fail);
  const queue = both[0]?.queue as (typeof both)[0]['queue'];
  await configs.upsert('ticks', 'ticks', { timing: everySecond, job_kwargs: { lot: 7 } });
  const made = Date.now();
  const first = await eventually('a firing', async () => (await rowsOf(schedules, 'ticks'))[0]);
  t.ok(first.due_at.getTime() - made < 2_000, 'the first moment after it was made');
  const task = await eventually('its task', () => queue.get(first.task_id).then((task) => task ?? undefined));
  t.match(task, { job_type: 'noop.full', params: { lot: 7 }, status: 'pending' });
  t.equal(first.task_id, firingTaskId('ticks', first.due_at.getTime()));

  await configs.disable('ticks');
  const stopped = Date.now();
  await configs.upsert('other', 'other', { timing: everySecond });
  await eventually('four more seconds', async () => (await rowsOf(schedules, 'other')).length >= 4);
  const rows = await rowsOf(schedules, 'ticks');
  t.ok(
    rows.every(({ due_at }) => due_at.getTime() <= stopped + 2_000),
    'nothing is due 2 s after it was stopped',
  );
  const seconds = rows.map(({ due_at }) => due_at.getTime() / 1000);
  t.strictSame(
    seconds,
    seconds.map((_, n) => (seconds[0] ?? 0) + n),
    'each second once',
  );
  const { tasks } = await queue.list({ limit: 200 });
  const ids = tasks.map(({ task_id }) => task_id);
  t.equal(new Set(ids).size, ids.length);
  const leads = both.map(({ log }) => log.filter(({ msg }) => /leads/.test(String(msg))).length);
  t.strictSame(leads.toSorted(), [0, 1], 'one of them led');
});

t.test('a moment is skipped while the task of one more than a minute older has not begun', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { configs, config, store } = schedules;
  await configs.upsert('ticks', 'ticks', { timing: everySecond });
  const earlier = Date.now() - 2 * MINUTE_MS;
  await store.pool.query('UPDATE scheduler_job_config SET updated_at = $1', [new Date(earlier)]);
  await store.pool.query(
    `INSERT INTO scheduler_firings (job_id, due_at, task_id, state) VALUES ('ticks', $1, 'waits', 'enqueued')`,
    [new Date(earlier)],
  );
  const { scheduler, queue } = await openScheduler(t, server.url, config.DATABASE_URL);
  await submit(queue, 'noop', { task_id: 'waits' });
  await scheduler.start(fail);
  const of = async (wanted: FiringState) =>
    (await rowsOf(schedules, 'ticks')).find(({ state, task_id }) => state === wanted && task_id !== 'waits');
  t.match(await eventually('one is skipped', () => of('skipped')), { reason: /had not begun/ });
  t.equal(await of('enqueued'), undefined);
  t.equal((await queue.depth()).pending, 1);
  await queue.claim({ supervisor_id: 'test', free: 1, lease_ms: 60_000 });
  t.ok(await eventually('the next one, since that has begun', () => of('enqueued')));
});

t.test('what was missed: made up for once within the grace, else noted; never a storm', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { configs, config } = schedules;
  const now = Date.now();
  const halfAnHour = new Date(now - 30 * MINUTE_MS);
  const twoHours = new Date(now - 120 * MINUTE_MS);
  const cases = { ticks: dailyAt(halfAnHour), failing: dailyAt(twoHours) };
  for (const [job_id, timing] of Object.entries(cases)) {
    await configs.upsert(job_id, job_id, { timing });
    await scheduledAt(schedules, job_id, now - 72 * 60 * MINUTE_MS);
  }
  await configs.upsert('other', 'other', {
    timing: { cron_expression: null, interval_minutes: 1, timezone: 'UTC' },
  });
  await scheduledAt(schedules, 'other', now - 3 * 24 * 60 * MINUTE_MS);
  const { scheduler, log } = await openScheduler(t, server.url, config.DATABASE_URL);
  await scheduler.start(fail);
  await eventually('all three are decided', async () => {
    const all = await Promise.all(['ticks', 'failing', 'other'].map((job_id) => rowsOf(schedules, job_id)));
    return all.every((rows) => rows.length > 0 && rows.every(({ state }) => state !== 'due'));
  });
  const states = async (job_id: string) => (await rowsOf(schedules, job_id)).map(({ state }) => state);
  t.strictSame(await states('ticks'), ['missed', 'missed', 'enqueued'], '30 minutes late: made up for');
  t.strictSame(await states('failing'), ['missed', 'missed', 'missed'], '2 hours late: only noted');
  const minutes = await states('other');
  t.ok(minutes.filter((state) => state === 'enqueued').length <= 2, 'of three days of minutes the newest');
  t.ok(minutes.length <= 101, 'and no flood of rows');
  t.match(
    log.find(({ job_id, count }) => job_id === 'failing' && count),
    { level: LEVEL.warn, count: 3 },
  );
  t.match(
    log.find(({ msg }) => /made up for/.test(String(msg))),
    { job_id: 'ticks', level: LEVEL.warn },
  );
});

t.test('a leader that died in the middle: what it had decided is enqueued, and only once', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { configs, config, firings } = schedules;
  const { scheduler, queue } = await openScheduler(t, server.url, config.DATABASE_URL);
  const never = { cron_expression: '0 0 1 1 *', interval_minutes: null, timezone: 'UTC' };
  const now = Math.floor(Date.now() / 1000) * 1000;
  const job_ids = ['ticks', 'other', 'failing'] as const;
  const due: Record<string, { job_id: string; due_at: number; task_id: string }> = {};
  for (const job_id of job_ids) {
    const { version } = await configs.upsert(job_id, job_id, { timing: never });
    await firings.decide({ job_id, version, fire: [now - 2_000], missed: [], reason: '' });
    due[job_id] = { job_id, due_at: now - 2_000, task_id: firingTaskId(job_id, now - 2_000) };
  }
  t.equal((await firings.due()).length, 3);
  // it had submitted this one, and died before it could note it
  await queue.submit([
    {
      task_id: due.ticks?.task_id ?? '',
      dataset: 'noop',
      mode: 'full',
      job_type: 'noop.full',
      params: { by: 'the dead' },
      priority: 1,
      max_attempts: 1,
      timeout_seconds: 60,
    },
  ]);
  await configs.disable('failing');
  await scheduler.start(fail);
  await eventually('none is left', async () => (await firings.due()).length === 0);
  t.match(await rowsOf(schedules, 'ticks'), [{ state: 'enqueued', task_id: due.ticks?.task_id }]);
  t.match(await queue.get(due.ticks?.task_id ?? ''), { params: { by: 'the dead' } }, 'it stayed as it was');
  t.match(await queue.get(due.other?.task_id ?? ''), { job_type: 'noop.full', status: 'pending' });
  t.match(await rowsOf(schedules, 'failing'), [{ state: 'missed', reason: /stopped/ }]);
  t.equal(await queue.get(due.failing?.task_id ?? ''), null);
  t.equal((await queue.list()).total, 2);
});

t.test('a decision by a schedule that was changed meanwhile is not written', async (t) => {
  const { configs, firings } = await freshSchedules(t);
  const { version } = await configs.upsert('ticks', 'ticks', { timing: everySecond });
  const decide = (by: string) =>
    firings.decide({
      job_id: 'ticks',
      version: by,
      fire: [Date.parse('2026-11-21T10:00:00Z')],
      missed: [],
      reason: '',
    });
  await configs.upsert('ticks', '', { timing: { ...everySecond, cron_expression: '0 18 * * *' } });
  await decide(version);
  t.equal((await firings.due()).length, 0, 'a leader that was frozen and woke up');
  const { version: present } = await configs.upsert('ticks', '', { job_name: 'renamed' });
  await decide(present);
  t.equal((await firings.due()).length, 1, 'another name is no other schedule');
});

t.test('a refused job is FAILED in the log, with the reason, and is not tried again (D5)', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { configs, config, log } = schedules;
  await configs.upsert('refused', 'refused', { timing: everySecond });
  const { scheduler } = await openScheduler(t, server.url, config.DATABASE_URL);
  await scheduler.start(fail);
  await eventually('two of them', async () => (await rowsOf(schedules, 'refused')).length >= 2);
  await configs.disable('refused');
  const rows = await eventually('their ends', async () => {
    const found = await rowsOf(schedules, 'refused');
    return found.every(({ state }) => state === 'refused') && found;
  });
  const runs = await log.getRecentByJobId('refused', 100);
  t.equal(runs.length, rows.length, 'one line each');
  t.match(runs[0], { status: 'FAILED', error_message: /^TUSHARE_TOKEN_MISSING: no token/, duration_ms: 0 });
  t.equal((await configs.getByJobId('refused'))?.last_run_at, null, 'it has not run');
});

t.test('90 minutes stay 90 minutes over two restarts', async (t) => {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { configs, config } = schedules;
  const timing = { cron_expression: null, interval_minutes: 90, timezone: 'Asia/Shanghai' };
  await configs.upsert('ticks', 'ticks', { timing });
  const due = Date.now() + 4_000;
  await scheduledAt(schedules, 'ticks', due - 90 * MINUTE_MS);
  for (let start = 0; start < 2; start++) {
    const { scheduler, log } = await openScheduler(t, server.url, config.DATABASE_URL);
    await scheduler.start(fail);
    await eventually('it leads', () => log.some(({ msg }) => /leads/.test(String(msg))));
    await scheduler.stop();
  }
  t.equal((await rowsOf(schedules, 'ticks')).length, 0);
  const { scheduler } = await openScheduler(t, server.url, config.DATABASE_URL);
  await scheduler.start(fail);
  const [row] = await eventually('it is due', async () => {
    const rows = await rowsOf(schedules, 'ticks');
    return rows.length > 0 && rows;
  });
  t.equal(row?.due_at.getTime(), due, 'to the millisecond');
});

t.test('a leader believes in its lock only until a second before its end', async (t) => {
  const server = await freshRedis(t);
  const { locks, redis } = await openScheduler(t, server.url, '');
  const leader = new Leadership(locks);
  t.equal(await leader.seek(), true);
  const rival = new Leadership(locks);
  t.equal(await rival.seek(), false);
  const key = `{stock}:lock:${LEADER_LOCK}`;
  while (leader.held) await delay(5); // it does not renew: frozen
  const left = await redis.pttl(key);
  t.ok(left > 500, `Redis still gives it ${left} ms`);
  t.equal(await rival.seek(), false, 'so nobody else has begun');
  t.equal(await leader.seek(), true, 'it may renew what is still its own');
  await leader.resign();
  t.equal(leader.held, false);
  t.equal(await rival.seek(), true, 'at once');
});
