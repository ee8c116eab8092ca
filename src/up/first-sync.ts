/** The first sync of `npm start`: stock list and calendar, then some daily bars, with a progress bar. */
import fs from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { apiTokens } from '../api-tokens.ts';
import { ApiClient, CliError } from '../cli/client.ts';
import { watchTask } from '../cli/watch.ts';
import type { Config } from '../config.ts';
import { addDays, shanghaiClock } from '../datasets/dates.ts';
import { type DatabaseSettings, readConnection } from '../store/connection.ts';
import type { Market } from './market.ts';

/** Some 60 trading days: one call each, so the demo is over in a minute and well inside one call window. */
const CALENDAR_DAYS = 90;

interface Step {
  dataset: string;
  mode: string;
  params: Record<string, string>;
  priority: string;
}

/** What is kept between two starts: the task of each step, and whether all have completed. */
interface State {
  tasks: Record<string, string>;
  done: boolean;
}

/** What stands in the database: rows, trade dates, and the stocks known. */
export interface Holdings {
  rows: number;
  dates: number;
  first: string | null;
  last: string | null;
  stocks: number;
}

export interface FirstSync {
  home: string;
  config: Config;
  market: Market;
  web: string;
  say: (line: string) => void;
  interrupted: AbortSignal;
}

/**
 * Runs it, or goes on with the one that an earlier start began; does nothing when it has completed.
 * @returns whether all of it is there now; what went wrong has been printed
 * @throws CliError when web refuses; the reason of `interrupted`
 */
export async function firstSync(sync: FirstSync): Promise<boolean> {
  const file = path.join(sync.home, `first-sync-${sync.market.name}.json`);
  const state = readState(file);
  if (state.done) {
    if ((await holdings(sync.config)).rows > 0) return true;
    Object.assign(state, { tasks: {}, done: false }); // another database, or an emptied one
  }
  const client = new ApiClient(sync.web, process.env.DAYLINE_API_TOKEN ?? operateToken(sync.config));
  const [list, calendar, bars] = steps(sync.market);
  const save = () => fs.writeFileSync(file, JSON.stringify(state));
  // of different types, so they run at the same time
  for (const step of [list, calendar]) await submit(client, step, state);
  save();
  for (const step of [list, calendar]) if (!(await completes(client, step, state, sync))) return false;
  await submit(client, bars, state);
  save();
  state.done = await completes(client, bars, state, sync);
  save();
  return state.done;
}

function steps(market: Market): [Step, Step, Step] {
  const today = shanghaiClock(new Date()).date;
  const range =
    market.name === 'recorded'
      ? { start_date: '20190101', end_date: '20191231' } // what the recorded bars cover in full
      : { start_date: addDays(today, -CALENDAR_DAYS), end_date: today };
  return [
    { dataset: 'stock_basic', mode: 'full', params: {}, priority: 'high' },
    { dataset: 'trade_cal', mode: 'full', params: {}, priority: 'high' },
    { dataset: 'daily', mode: 'history', params: range, priority: 'normal' },
  ];
}

/** Submits a step, unless the task of an earlier start is still good: waiting, running or completed. */
async function submit(client: ApiClient, step: Step, state: State): Promise<void> {
  const earlier = state.tasks[step.dataset];
  if (earlier && (await isGood(client, earlier))) return;
  const task = await client.post<{ task_id: string }>('/tasks', step);
  state.tasks[step.dataset] = task.task_id;
}

async function isGood(client: ApiClient, taskId: string): Promise<boolean> {
  try {
    const { status } = await client.get<{ status: string }>(`/tasks/${taskId}`);
    return status !== 'failed' && status !== 'cancelled';
  } catch (error) {
    if (error instanceof CliError && error.code === 'TASK_NOT_FOUND') return false; // another Redis, or long ago
    throw error;
  }
}

async function completes(client: ApiClient, step: Step, state: State, sync: FirstSync): Promise<boolean> {
  return (await watchTask(client, state.tasks[step.dataset] as string, sync.interrupted)) === 0;
}

/** Counts what is in the database. */
export async function holdings(config: DatabaseSettings): Promise<Holdings> {
  const client = new pg.Client({ ...readConnection(config), application_name: 'dayline:up' });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select count(*)::int as rows, count(distinct trade_date)::int as dates,
              min(trade_date)::text as first, max(trade_date)::text as last,
              (select count(*)::int from stock_basic) as stocks
         from daily`,
    );
    return rows[0];
  } finally {
    await client.end();
  }
}

const operateToken = (config: Config): string | undefined =>
  apiTokens(config).find(({ role }) => role === 'operate')?.secret;

function readState(file: string): State {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return { tasks: {}, done: false }; // none yet, or half written: the tasks find what is already stored
  }
}
