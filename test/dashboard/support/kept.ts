/** A database somebody has kept for a year and more: calendar, stocks, bars with adjustment factors, a ledger with faults. */
import type pg from 'pg';
import { addDays, shanghaiClock, weekdayOf } from '../../../src/datasets/dates.ts';

export interface Kept {
  /** Trading days up to today, YYYYMMDD in order. */
  open: string[];
  today: string;
}

const STOCKS = 24;
const DAYS = 430;
/** Datasets by day, and how many of their last trading days are not in. */
const BY_DAY = {
  daily: 0,
  adj_factor: 0,
  daily_basic: 1,
  suspend_d: 0,
  moneyflow: 3,
  margin_detail: 0,
  stk_limit: 12,
};

export async function fillKept(client: pg.Client): Promise<Kept> {
  const { date: today } = shanghaiClock(new Date());
  const days = Array.from({ length: DAYS + 75 }, (_, at) => addDays(today, at - DAYS));
  const isOpen = (day: string) => weekdayOf(day) <= 5;
  await client.query(
    `INSERT INTO trade_cal (exchange, cal_date, is_open)
     SELECT 'SSE', day::date, is_open FROM unnest($1::text[], $2::int[]) AS given (day, is_open)
     ON CONFLICT DO NOTHING`,
    [days, days.map((day) => (isOpen(day) ? 1 : 0))],
  );
  await client.query(
    `INSERT INTO stock_basic (ts_code, name, list_status, list_date)
     SELECT (600000 + n) || '.SH', '示例' || n, 'L', '2001-08-27' FROM generate_series(0, $1 - 1) AS n
     ON CONFLICT DO NOTHING`,
    [STOCKS],
  );
  const open = days.filter((day) => day <= today && isOpen(day));
  await bars(client, open);
  for (const [dataset, behind] of Object.entries(BY_DAY))
    await enter(client, dataset, open.slice(0, behind ? -behind : undefined));
  await enter(client, 'stock_basic', ['L', 'D', 'P', 'G']);
  await enter(client, 'trade_cal', [today.slice(0, 4)]);
  const [partial, missing, failed] = [open.at(-30), open.at(-29), open.at(-28)];
  const states = { partial, missing, failed, empty_confirmed: open.at(-27) };
  for (const [state, day] of Object.entries(states))
    await client.query(
      `UPDATE coverage SET state = $1::text, fetched_rows = CASE WHEN $1::text = 'partial' THEN 9 ELSE 0 END
       WHERE dataset IN ('daily', 'moneyflow') AND partition = $2`,
      [state, day],
    );
  await client.query(`DELETE FROM daily WHERE trade_date = $1::date AND ts_code >= '600009.SH'`, [partial]);
  return { open, today };
}

/** Bars that go up and down; the first stock has an ex-day in the middle. */
async function bars(client: pg.Client, open: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO daily (ts_code, trade_date, open, high, low, close, pre_close, change, pct_chg, vol, amount)
     SELECT (600000 + n) || '.SH', day::date, c - 0.2 * sin(at), c + 0.3, c - 0.4, c, c, 0, 0,
       100000 + 40000 * sin(at / 3.0), 1000 * c
     FROM generate_series(0, $2 - 1) AS n, unnest($1::text[]) WITH ORDINALITY AS given (day, at),
       LATERAL (SELECT round((12 + n + 3 * sin(at / 17.0 + n) + at * 0.01)::numeric, 2)::float8
         / CASE WHEN n = 0 AND at > 150 THEN 2 ELSE 1 END AS c) AS price
     ON CONFLICT DO NOTHING`,
    [open, STOCKS],
  );
  await client.query(
    `INSERT INTO adj_factor (ts_code, trade_date, adj_factor)
     SELECT (600000 + n) || '.SH', day::date, CASE WHEN n = 0 AND at > 150 THEN 2 ELSE 1 END
     FROM generate_series(0, $2 - 1) AS n, unnest($1::text[]) WITH ORDINALITY AS given (day, at)
     ON CONFLICT DO NOTHING`,
    [open, STOCKS],
  );
}

async function enter(client: pg.Client, dataset: string, partitions: string[]): Promise<void> {
  await client.query(
    `INSERT INTO coverage (dataset, partition, expected_rows, fetched_rows, state, fetched_at, sync_task_id)
     SELECT $1, partition, $3, $3, 'complete', now(),
       '00000000-0000-0000-0000-000000000000'
     FROM unnest($2::text[]) AS partition ON CONFLICT DO NOTHING`,
    [dataset, partitions, STOCKS],
  );
}
