/** The datasets of the bench: of every way of fetching one or more. */
import { addDays } from '../../src/datasets/dates.ts';
import { unit } from '../../src/simulator/generated/noise.ts';
import { bars, calendar, daily, mood, type RowSource, valued } from './answers.ts';
import type { BenchMarket, Stock } from './market.ts';

const SEED = 9;
/** Stocks that are listed today, for shares of it. */
const TODAY = 5_400;

/** Row counts by dataset; each knows the parameters that the declaration's calls carry. */
export function rowSources(market: BenchMarket): Record<string, () => RowSource> {
  const { open, stocks } = market;
  const listed = (day: number) => market.rows(day, day, null, true);
  /** Share of today's market that there was, from a first day on. */
  const grown = (from: string) => {
    const first = market.dayFrom(from);
    return (day: number) => (day < first ? 0 : listed(day) / TODAY);
  };
  /** From a first day to today in a straight line. */
  const rising = (from: string, least: number, most: number) => {
    const first = market.dayFrom(from);
    return (day: number) =>
      day < first ? 0 : least + ((most - least) * (day - first)) / (open.length - first);
  };
  const lastOfWeek = open.map((_, day) => weekChanges(open, day));
  const dayRows = (rowsOn: (day: number) => number, of: number) =>
    daily(market, (day) => rowsOn(day) * mood(day, of));
  const years = ({ first, end }: Stock) => (end - first) / 243;
  const perYear = (rows: number) =>
    stocks.map((stock) => ({ code: stock.ts_code, rows: Math.round(rows * years(stock)), stock }));
  const indices = Array.from({ length: 3_000 }, (_, n) => {
    const first = Math.floor(unit(SEED, n, 1) ** 0.6 * open.length);
    const code = `${String(n).padStart(6, '0')}.CSI`;
    return { code, rows: open.length - first, stock: { first, end: open.length } };
  });
  const today = open.at(-1) as string;
  return {
    daily: () => bars(market, {}),
    adj_factor: () => bars(market, { suspended: true }),
    daily_basic: () => bars(market, {}),
    moneyflow: () => bars(market, { only: (code) => !code.endsWith('.BJ'), from: '20100101' }),
    weekly: () => bars(market, { on: (day) => lastOfWeek[day] === true }),
    cyq_perf: () => bars(market, { from: '20180101' }),
    stk_limit: () => daily(market, (day) => grown('20070101')(day) * 7_400),
    suspend_d: () => daily(market, (day) => listed(day) - market.rows(day, day, null, false)),
    margin_detail: () => daily(market, rising('20100331', 90, 4_300)),
    fund_daily: () => daily(market, rising('19980407', 2, 1_900)),
    top_list: () => dayRows((day) => grown('20050101')(day) * 60, 10),
    block_trade: () => dayRows(rising('20030601', 2, 150), 20),
    limit_list_d: () => dayRows((day) => grown('20200101')(day) * 110, 30),
    share_float: () =>
      calendar('20050101', addDays(today, 1_100), (date, day) =>
        date < '20060601' ? 0 : mood(day, 40) * Math.min(120, 5 + day / 50),
      ),
    index_daily: () => valued('ts_code', indices, market),
    income: () => valued('ts_code', perYear(4.4), market),
    dividend: () => valued('ts_code', perYear(2.6), market),
    stk_managers: () => valued('ts_code', perYear(5), market),
    top10_holders: () => valued('ts_code', perYear(40), market),
    disclosure_date: () => periodic('end_date', market, (day) => listed(day)),
    trade_cal: () => calendar('19901219', `${today.slice(0, 4)}1231`, () => 1),
  };
}

function weekChanges(open: readonly string[], day: number): boolean {
  const [date, next] = [open[day], open[day + 1]];
  if (date === undefined || next === undefined) return false;
  return weekday(next) <= weekday(date) || next > addDays(date, 6);
}

const weekday = (date: string): number =>
  (new Date(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T00:00:00Z`).getUTCDay() + 6) % 7;

/** Rows of each report period, by as many as are listed then. */
function periodic(param: string, market: BenchMarket, rowsAt: (day: number) => number): RowSource {
  const periods: { code: string; rows: number }[] = [];
  for (let year = 1990; year <= 2026; year++)
    for (const end of ['0331', '0630', '0930', '1231']) {
      const day = market.dayFrom(`${year}${end}`);
      if (day > 0 && day < market.open.length) periods.push({ code: `${year}${end}`, rows: rowsAt(day) });
    }
  return valued(param, periods, market);
}
