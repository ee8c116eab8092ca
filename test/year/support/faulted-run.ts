/**
 * A stretch of `daily` fetched twice: once undisturbed, to count its calls; then with seeded faults of TuShare and
 * kill -9 of the supervisors. What judge.ts needs to tell whether the second run lost, repeated or spent anything.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Task } from '../../../src/queue/task.ts';
import type { Arrival, FaultRule } from '../../../src/simulator/index.ts';
import { type Random, seeded } from '../../faults/support/random.ts';
import { submit, until } from '../../support/queue.ts';
import { type Stack, startStack } from '../../support/stack.ts';
import { startSupervisor } from '../../support/supervisor.ts';
import type { Torn } from '../../support/torn.ts';

export interface Stretch {
  seed: number;
  start_date: string;
  end_date: string;
  faults: number;
  kills: number;
  /** TuShare's answering time, ms: what makes the run long enough to be killed in. */
  latency_ms: number;
  /** Units in one transaction at most. */
  batch_size: number;
  /** Folder of recorded data; none: the generated market. */
  data: string | undefined;
  say(line: string): void;
}

/** What one kill left behind. */
export interface Kill {
  /** Calls that had arrived when the process was gone. */
  calls: number;
  /** Days that the ledger held then. */
  stored: ReadonlySet<string>;
  /** Groups of codes that were stored then, of days that the ledger did not hold yet. */
  groups: readonly StoredGroup[];
}

/** Codes from one on, up to but without another; null: to the end. */
export interface StoredGroup {
  first_day: string;
  from: string;
  before: string | null;
}

export interface FaultedRun {
  /** Calls of the undisturbed run. */
  faultless: number;
  /** Every call of the disturbed one, in order. */
  log: Arrival[];
  kills: Kill[];
  /** Rules with how many calls each has hit. */
  faults: (FaultRule & { applied: number })[];
  days: string[];
  database: pg.Client;
  stack: Stack;
  /** Seconds of the disturbed run. */
  seconds: number;
}

/** Long enough for any of these runs, and for a machine that does much else. */
const RUN_WITHIN_MS = 20 * 60_000;

export async function faultedRun(t: Torn, stretch: Stretch): Promise<FaultedRun> {
  const random = seeded(stretch.seed);
  const stack = await startStack(t, settings(stretch), stretch.data);
  const { queue, database, simulator } = stack;
  await simulator.setLimit(0); // the window of the real server is no part of this
  let supervisor = await startSupervisor(t, stack.env);
  for (const dataset of ['stock_basic', 'trade_cal']) await completed(stack, await submit(queue, dataset));
  const days = await openDays(database, stretch);
  // recorded days are read from their files at the first call, which may take seconds
  for (const trade_date of days) await simulator.call('daily', { trade_date }, 'ts_code');
  await simulator.clearLog();
  await completed(stack, await submitHistory(stack, stretch));
  const faultless = (await simulator.log()).length;
  stretch.say(`${days.length} days, ${faultless} calls undisturbed`);

  await database.query(
    `TRUNCATE daily; DELETE FROM coverage WHERE dataset = 'daily'; DELETE FROM sync_tasks`,
  );
  await simulator.clearLog();
  await simulator.setLatency(stretch.latency_ms);
  await simulator.addFaults(...faultsFor(faultless, stretch.faults, random));
  const began = performance.now();
  const task_id = await submitHistory(stack, stretch);
  const kills: Kill[] = [];
  let owner: string | null = null;
  let stored = 0;
  while (kills.length < stretch.kills) {
    const isDue = (task: Task) => {
      if (task.status === 'completed' || task.status === 'failed')
        throw new Error(`only ${kills.length} kills were done when the task was ${task.status}`);
      return task.status === 'running' && task.owner !== owner && task.records_processed > stored;
    };
    const task: Task = await until(queue, task_id, isDue, 120_000);
    owner = task.owner;
    stored = task.records_processed;
    await delay(random.whole(0, stretch.latency_ms));
    await supervisor.kill();
    kills.push(await whatItLeft(stack, days));
    stretch.say(`kill ${kills.length}: ${kills.at(-1)?.stored.size} of ${days.length} days in the ledger`);
    supervisor = await startSupervisor(t, stack.env);
  }
  await completed(stack, task_id);
  // days that TuShare was late with
  await completed(stack, await submitMissing(stack, stretch));
  const log = await simulator.log();
  const faults = await simulator.faults();
  await simulator.clearFaults();
  await simulator.setLatency(0);
  const seconds = Math.round((performance.now() - began) / 1000);
  await supervisor.stop();
  return { faultless, log, kills, faults, days, database, stack, seconds };
}

const settings = ({ batch_size }: Stretch): Record<string, string> => ({
  TUSHARE_RATE_LIMIT_MAX_CALLS: '10000',
  TUSHARE_HTTP_TIMEOUT_SECONDS: '4',
  TASK_RETRY_BASE_SECONDS: '0',
  SYNC_CALLS_IN_FLIGHT: '4',
  SYNC_DAILY_HISTORY_BATCH_SIZE: String(batch_size),
  SUPERVISOR_THREADS: '1',
});

const range = ({ start_date, end_date }: Stretch) => ({ start_date, end_date });

/** An attempt ends with each fault of the network, so that many are allowed. */
const submitHistory = ({ queue }: Stack, stretch: Stretch): Promise<string> =>
  submit(queue, 'daily', {
    mode: 'history',
    params: range(stretch),
    max_attempts: stretch.faults + 2,
    timeout_seconds: 3_600,
  });

const submitMissing = ({ queue }: Stack, stretch: Stretch): Promise<string> =>
  submit(queue, 'daily', {
    mode: 'backfill',
    params: { ...range(stretch), missing: true },
    max_attempts: stretch.faults + 2,
  });

async function completed({ queue }: Stack, task_id: string): Promise<void> {
  const isOver = ({ status }: Task) => ['completed', 'failed', 'cancelled'].includes(status);
  const task = await until(queue, task_id, isOver, RUN_WITHIN_MS);
  if (task.status !== 'completed')
    throw new Error(`${task.job_type} is ${task.status}: ${task.last_error_type} ${task.error_message}`);
}

async function openDays(database: pg.Client, { start_date, end_date }: Stretch): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT to_char(cal_date, 'YYYYMMDD') AS day FROM trade_cal
     WHERE is_open = 1 AND cal_date BETWEEN $1 AND $2 ORDER BY 1`,
    [start_date, end_date],
  );
  return rows.map(({ day }) => day);
}

/** Kinds of faults, each in turn: with as many faults as kinds all of them occur. */
const KINDS: readonly ((random: Random) => FaultRule)[] = [
  () => ({ fault: 'hang' }),
  () => ({ fault: 'http_502' }),
  (random) => ({ fault: 'truncated', rows: 1000 * random.whole(1, 3) }),
  () => ({ fault: 'duplicate_rows', rows: 20 }),
  () => ({ fault: 'late_publication' }),
  () => ({ fault: 'api_error', error: 'rate_minute_2026' }),
];

/** One fault each for so many different calls. */
function faultsFor(calls: number, count: number, random: Random): FaultRule[] {
  const places = random.shuffle(Array.from({ length: calls }, (_, place) => place)).slice(0, count);
  return places.map((after, at) => ({
    ...(KINDS[at % KINDS.length] as (typeof KINDS)[number])(random),
    api_name: 'daily',
    after,
    times: 1,
  }));
}

/** What the ledger holds once Postgres has ended the connections of the dead. */
async function whatItLeft({ database, simulator }: Stack, days: readonly string[]): Promise<Kill> {
  for (let look = 0; look < 500; look++) {
    const { rows } = await database.query(
      `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'dayline:%'`,
    );
    if (rows[0].n === 0) break;
    await delay(20);
  }
  const { rows } = await database.query(
    `SELECT partition FROM coverage WHERE dataset = 'daily' AND partition = ANY($1)`,
    [days],
  );
  const groups = await database.query(
    `SELECT config->'units'->(block.index::int)->'partitions'->>0 AS first_day,
       stored->>'from' AS from, stored->>'before' AS before
     FROM sync_tasks, jsonb_each(coalesce(config::jsonb->'groups', '{}')) AS block (index, groups),
       jsonb_array_elements(block.groups) AS stored WHERE (stored->'stored')::boolean`,
  );
  const stored = new Set<string>(rows.map(({ partition }) => partition));
  return { calls: (await simulator.log()).length, stored, groups: groups.rows };
}
