/**
 * Three supervisors, a job every second, and the leader killed with -9 again and again, at any moment of its second.
 * What is judged afterwards stands in Postgres: one firing and one line of the log for every second.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { freshRedis } from '../../support/redis.ts';
import { FIXTURE_DATASETS, type SupervisorProcess, startSupervisor } from '../../support/supervisor.ts';
import type { Torn } from '../../support/torn.ts';
import { freshSchedules, type Schedules } from './schedules.ts';

export const SUPERVISOR_WITH_JOBS = fileURLToPath(new URL('./supervisor-process.ts', import.meta.url));
const SUPERVISORS = 3;
const POLL_MS = 50;

export interface KillRun {
  kills: number;
  /** Seconds that were due. */
  due: number;
  /** What is wrong, in words; empty: every second once. */
  findings: string[];
  /** Longest time from a kill to the next leader, in ms. */
  longest_gap_ms: number;
}

/** @param seconds in all, over which the kills are spread */
export async function killRun(t: Torn, seconds: number, kills: number): Promise<KillRun> {
  const [schedules, server] = await Promise.all([freshSchedules(t), freshRedis(t)]);
  const { store, configs } = schedules;
  await store.pool.query('UPDATE scheduler_job_config SET enabled = false');
  const redis = new Redis(server.url);
  t.teardown(() => redis.disconnect());
  const env = {
    REDIS_URL: server.url,
    DATABASE_URL: schedules.config.DATABASE_URL,
    DATASETS_PATH: FIXTURE_DATASETS,
    SUPERVISOR_THREADS: '1',
  };
  const start = () => startSupervisor(t, env, SUPERVISOR_WITH_JOBS);
  const crew = await Promise.all(Array.from({ length: SUPERVISORS }, start));

  const leader = async (): Promise<SupervisorProcess> => {
    for (;;) {
      const id = await redis.get('{stock}:scheduler');
      const found = crew.find(({ log }) => log.some(({ supervisor_id }) => supervisor_id === id));
      if (id && found) return found;
      await delay(POLL_MS);
    }
  };
  await leader();
  await configs.upsert('ticks', 'ticks', {
    timing: { cron_expression: '* * * * * *', interval_minutes: null, timezone: 'Asia/Shanghai' },
  });
  const began = performance.now();
  let longest_gap_ms = 0;
  for (let kill = 1; kill <= kills; kill++) {
    const at = (kill * seconds * 1000) / (kills + 1) + randomInt(1_000);
    await delay(Math.max(0, began + at - performance.now()));
    const killed = await leader();
    crew.splice(crew.indexOf(killed), 1);
    await killed.kill();
    await redis.del('{stock}:scheduler'); // its sign would stand for 5 s; the lock is left alone
    const at_kill = performance.now();
    const replacement = start().then((fresh) => crew.push(fresh));
    await leader();
    longest_gap_ms = Math.max(longest_gap_ms, performance.now() - at_kill);
    await replacement;
  }
  await delay(Math.max(0, began + seconds * 1000 - performance.now()));
  await caughtUp(schedules, Date.now());
  await configs.disable('ticks');
  await allEnded(schedules);
  return { kills, longest_gap_ms, ...(await judge(schedules)) };
}

const COUNT_AFTER = `SELECT count(*)::int AS n FROM scheduler_firings WHERE due_at > $1`;

/** Every second up to an instant is decided. */
async function caughtUp({ store }: Schedules, instant: number): Promise<void> {
  for (;;) {
    const { rows } = await store.pool.query(COUNT_AFTER, [new Date(instant)]);
    if (rows[0].n > 0) return;
    await delay(POLL_MS);
  }
}

async function allEnded({ store }: Schedules): Promise<void> {
  for (;;) {
    const { rows } = await store.pool.query(
      'SELECT count(*)::int AS n FROM scheduler_firings WHERE ended_at IS NULL',
    );
    if (rows[0].n === 0) return;
    await delay(POLL_MS);
  }
}

/** Each second from the first moment after it was scheduled to the last one decided: one firing, one run. */
async function judge({ store, configs }: Schedules): Promise<{ due: number; findings: string[] }> {
  const config = await configs.getByJobId('ticks');
  const first = Math.floor((config?.scheduled_at.getTime() ?? 0) / 1000) + 1;
  const { rows } = await store.pool.query<{ second: number; state: string; runs: number; statuses: string }>(
    `SELECT extract(epoch FROM due_at)::int AS second, state, count(log.id)::int AS runs,
       coalesce(string_agg(log.status || ' ' || coalesce(error_message, ''), ', '), '') AS statuses
     FROM scheduler_firings AS firing LEFT JOIN scheduler_execution_log AS log USING (task_id)
     GROUP BY due_at, state ORDER BY due_at`,
  );
  const last = rows.at(-1)?.second ?? first;
  const bySecond = new Map(rows.map((row) => [row.second, row]));
  const findings: string[] = [];
  for (let second = first; second <= last; second++) {
    const row = bySecond.get(second);
    bySecond.delete(second);
    if (!row) findings.push(`${second} was lost`);
    else if (row.state !== 'enqueued' || row.runs !== 1 || row.statuses !== 'SUCCESS ')
      findings.push(`${second}: ${row.state}, ${row.runs} runs: ${row.statuses}`);
  }
  for (const second of bySecond.keys()) findings.push(`${second} was never due`);
  const { rows: log } = await store.pool.query('SELECT count(*)::int AS n FROM scheduler_execution_log');
  const due = last - first + 1;
  if (log[0].n !== due) findings.push(`${log[0].n} lines in the log for ${due} seconds`);
  return { due, findings };
}
