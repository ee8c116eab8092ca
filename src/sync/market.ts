/** Reads what the planner must know out of trade_cal and stock_basic. */
import type { ClientBase } from 'pg';
import type { Market } from './plan.ts';

export async function readMarket(client: ClientBase): Promise<Market> {
  const calendar = await client.query<{ date: string; is_open: number }>(
    `SELECT to_char(cal_date, 'YYYYMMDD') AS date, is_open FROM public.trade_cal
     WHERE exchange = 'SSE' ORDER BY cal_date`,
  );
  const listings = await client.query<Market['listings'][number]>(
    `SELECT to_char(list_date, 'YYYYMMDD') AS list_date, to_char(delist_date, 'YYYYMMDD') AS delist_date
     FROM public.stock_basic WHERE list_date IS NOT NULL`,
  );
  const days = calendar.rows;
  const [first, last] = [days[0], days.at(-1)];
  return {
    open_dates: days.filter((day) => day.is_open === 1).map((day) => day.date),
    calendar: first && last ? { first: first.date, last: last.date, days: days.length } : null,
    listings: listings.rows,
  };
}
