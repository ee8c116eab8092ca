/** Reads what the planner must know: calendar, stock list, suspensions, the codes of other datasets, the ledger. */
import type { ClientBase } from 'pg';
import type { TableDataset } from '../datasets/dataset.ts';
import type { ByCode, FetchPlan } from '../datasets/fetch-plan.ts';
import type { TaskMode, TaskParams } from '../queue/task.ts';
import { quoted } from '../store/sql.ts';
import { givenUp } from '../store/sync-failures.ts';
import type { Listing } from './code-groups.ts';
import type { LedgerEntry } from './due.ts';
import type { Market } from './plan.ts';
import type { KnownCode } from './plan-codes.ts';
import { symbolPlan } from './unit.ts';

type Client = Pick<ClientBase, 'query'>;

/** What a plan for this dataset, mode and parameters needs; null where it needs nothing. */
export async function readMarket(
  client: Client,
  dataset: TableDataset,
  mode: TaskMode,
  params: TaskParams,
): Promise<Market | null> {
  const ways = mode === 'incremental' && dataset.increments?.length ? dataset.increments : [dataset.fetch];
  const byDay = ways.some(({ by }) => by === 'trade_date');
  const asksLedger = mode === 'incremental' || params.missing === true;
  const codes = await readCodes(client, dataset, ways, params);
  if (!byDay && !asksLedger && codes.size === 0) return null;
  const calendar = byDay ? await readCalendar(client, exchangeOf(ways)) : NO_CALENDAR;
  return {
    ...calendar,
    listings: byDay ? await readListings(client) : [],
    ...(byDay && { suspended: await readSuspended(client) }),
    codes,
    ...(asksLedger && { ledger: await readLedger(client, dataset.name) }),
  };
}

const NO_CALENDAR = { open_dates: [], calendar: null };

const exchangeOf = (ways: readonly FetchPlan[]): string =>
  ways
    .map((way) => ('exchange' in way ? way.exchange : undefined))
    .find((exchange) => exchange !== undefined) ?? 'SSE';

async function readCalendar(
  client: Client,
  exchange: string,
): Promise<Pick<Market, 'open_dates' | 'calendar'>> {
  const calendar = await client.query<{ date: string; is_open: number }>(
    `SELECT to_char(cal_date, 'YYYYMMDD') AS date, is_open FROM public.trade_cal
     WHERE exchange = $1 ORDER BY cal_date`,
    [exchange],
  );
  const days = calendar.rows;
  const [first, last] = [days[0], days.at(-1)];
  return {
    open_dates: days.filter((day) => day.is_open === 1).map((day) => day.date),
    calendar: first && last ? { first: first.date, last: last.date, days: days.length } : null,
  };
}

/** The stocks by code. One whose code was replaced counts until that was noticed. */
export async function readListings(client: Client): Promise<Listing[]> {
  const { rows } = await client.query<Listing>(
    `SELECT ts_code, to_char(list_date, 'YYYYMMDD') AS list_date,
       to_char(coalesce(delist_date, (noticed_at AT TIME ZONE 'Asia/Shanghai')::date), 'YYYYMMDD') AS delist_date
     FROM public.stock_basic LEFT JOIN (SELECT old_code, noticed_at FROM code_changes) AS change ON old_code = ts_code
     WHERE list_date IS NOT NULL ORDER BY ts_code`,
  );
  return rows;
}

/** How many stocks are suspended for a whole day, on days of which suspend_d is complete. */
async function readSuspended(client: Client): Promise<Map<string, number>> {
  const table = await client.query(`SELECT 1 WHERE to_regclass('public.suspend_d') IS NOT NULL`);
  if (table.rowCount === 0) return new Map();
  const { rows } = await client.query<{ date: string; stocks: number }>(
    `SELECT to_char(trade_date, 'YYYYMMDD') AS date, count(DISTINCT ts_code)::int AS stocks FROM public.suspend_d
     WHERE suspend_type = 'S' AND suspend_timing IS NULL
       AND to_char(trade_date, 'YYYYMMDD') IN (SELECT partition FROM coverage WHERE dataset = 'suspend_d' AND state = 'complete')
     GROUP BY 1`,
  );
  return new Map(rows.map(({ date, stocks }) => [date, stocks]));
}

async function readCodes(
  client: Client,
  dataset: TableDataset,
  ways: readonly FetchPlan[],
  params: TaskParams,
): Promise<Map<FetchPlan | 'symbol', KnownCode[]>> {
  const codes = new Map<FetchPlan | 'symbol', KnownCode[]>();
  for (const way of ways) if (way.by === 'code') codes.set(way, await readCodesOf(client, way, params));
  if (Array.isArray(params.codes) && dataset.fetch.by !== 'code')
    codes.set('symbol', await readCodesOf(client, symbolPlan(dataset), params));
  return codes;
}

/** Days before now in which a code with news is asked for, unless the run says since when. */
const NEWS_DAYS = 7;

async function readCodesOf(client: Client, { codes }: ByCode, params: TaskParams): Promise<KnownCode[]> {
  const conditions = [`${quoted(codes.field)} IS NOT NULL`];
  const values: unknown[] = [];
  for (const [name, allowed] of Object.entries(codes.where ?? {}))
    conditions.push(`${quoted(name)} = ANY($${values.push(allowed)}::text[])`);
  if (codes.dated_by) {
    const since = (params.start_date as string | undefined) ?? null;
    conditions.push(
      `${quoted(codes.dated_by)} BETWEEN coalesce($${values.push(since)}::date, (now() AT TIME ZONE 'Asia/Shanghai')::date - ${NEWS_DAYS})
         AND (now() AT TIME ZONE 'Asia/Shanghai')::date`,
    );
  }
  const dated = codes.dataset === 'stock_basic';
  const { rows } = await client.query<KnownCode>(
    `SELECT ${quoted(codes.field)} AS code,
       ${dated ? `min(to_char(list_date, 'YYYYMMDD'))` : 'NULL'} AS first,
       ${dated ? `max(to_char(delist_date, 'YYYYMMDD'))` : 'NULL'} AS last
     FROM public.${quoted(codes.dataset)} WHERE ${conditions.join(' AND ')} GROUP BY 1 ORDER BY 1`,
    values,
  );
  return rows;
}

async function readLedger(client: Client, dataset: string): Promise<Map<string, LedgerEntry>> {
  const { rows } = await client.query<
    Omit<LedgerEntry, 'fetched_at'> & { partition: string; fetched_at: Date }
  >('SELECT partition, state, short_answers, fetched_at FROM coverage WHERE dataset = $1', [dataset]);
  const left = new Set((await givenUp(client, [dataset])).map(({ partition }) => partition));
  return new Map(
    rows.map(({ partition, state, short_answers, fetched_at }) => [
      partition,
      {
        state,
        short_answers,
        fetched_at: new Date(fetched_at).getTime(),
        ...(left.has(partition) && { given_up: true }),
      },
    ]),
  );
}
