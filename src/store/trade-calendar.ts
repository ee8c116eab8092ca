/** The trading calendar of Shanghai (SSE) as the scheduler asks for it: is a day closed, and how far does it reach. */
import { addDays, daysFromTo, shanghaiClock, weekdayOf } from '../datasets/dates.ts';
import type { Store } from './store.ts';

type Pool = Pick<Store, 'pool'>;

const SATURDAY = 6;
const UNDEFINED_TABLE = '42P01';

/**
 * The day (YYYYMMDD) of an instant when the exchange is closed on it, else null. Where the calendar doesn't know, it is
 * closed on weekends.
 * @param at ms since the epoch
 */
export async function closedDay({ pool }: Pool, at: number): Promise<string | null> {
  const { date } = shanghaiClock(new Date(at));
  const [day] = await rowsOf<{ is_open: number }>(
    pool,
    `SELECT is_open::int FROM public.trade_cal WHERE exchange = 'SSE' AND cal_date = $1::date`,
    [date],
  );
  const closed = day ? day.is_open === 0 : weekdayOf(date) >= SATURDAY;
  return closed ? date : null;
}

/** Days after today that the calendar has; null: there is no calendar yet. @param now ms since the epoch */
export async function calendarDaysLeft({ pool }: Pool, now: number): Promise<number | null> {
  const [{ last } = { last: null }] = await rowsOf<{ last: string | null }>(
    pool,
    `SELECT to_char(max(cal_date), 'YYYYMMDD') AS last FROM public.trade_cal WHERE exchange = 'SSE'`,
  );
  if (last === null) return null;
  const { date } = shanghaiClock(new Date(now));
  return Math.max(0, daysFromTo(addDays(date, 1), last));
}

/** None while the table is not there: a database without its dataset tables. */
async function rowsOf<Row extends object>(
  pool: Store['pool'],
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  try {
    return (await pool.query<Row>(text, values)).rows;
  } catch (error) {
    if ((error as { code?: string }).code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
