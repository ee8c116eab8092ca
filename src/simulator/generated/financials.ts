/** Statements, indicators and disclosure dates of the generated market, as rows of TuShare's tables. */
import type { Api } from '../apis.ts';
import type { Selection } from '../source.ts';
import type { Market, Stock } from './market.ts';
import { figuresOf, periodsIn, type Report, reportOf } from './statements.ts';

/** A company's statements begin with those of the year in which it is listed; TuShare's with 2000 or so. */
const FIRST_PERIOD = '20000331';

export const FINANCIAL_APIS = ['income', 'balancesheet', 'cashflow', 'fina_indicator', 'disclosure_date'];

/** Rows of a statement or of the indicators, newest first; what comes later than `today` is not known yet. */
export function statementRows(
  market: Market,
  api: Api,
  { codes, from, to, params }: Selection,
  today: string,
): string[] {
  const byPeriod = api.dateColumn === 'end_date';
  return stocksOf(market, codes).flatMap((stock) =>
    reportsOf(market, stock, params.period)
      .filter(({ published }) => published <= today)
      .filter(({ period, published }) => isWithin(from, to, byPeriod ? period : published))
      .map((report) => rowOf(api, { ...figuresOf(stock.character, report.period), ...headOf(report) })),
  );
}

/** Rows of disclosure_date for the period that `end_date` names, else for all of them. */
export function disclosureRows(
  market: Market,
  api: Api,
  { codes, params }: Selection,
  today: string,
): string[] {
  return stocksOf(market, codes).flatMap((stock) =>
    reportsOf(market, stock, params.end_date)
      .filter(({ period }) => period <= today)
      .map(({ ts_code, period, published, planned }) =>
        rowOf(api, {
          ts_code,
          end_date: period,
          ann_date: published <= today ? published : period,
          pre_date: planned,
          actual_date: published <= today ? published : null,
          modify_date: published === planned ? null : planned,
        }),
      ),
  );
}

const stocksOf = (market: Market, codes: readonly string[] | null): readonly Stock[] =>
  codes ? codes.flatMap((code) => market.find(code) ?? []) : market.stocks;

/** @param only one period; none: all of the time in which the stock is listed */
function reportsOf(market: Market, stock: Stock, only: string | undefined): Report[] {
  const listed = market.openDays[stock.firstDay] ?? '';
  const first = `${listed.slice(0, 4)}0101`;
  const end = market.openDays[stock.endDay] ?? market.openDays.at(-1) ?? '';
  const periods = periodsIn(first > FIRST_PERIOD ? first : FIRST_PERIOD, end);
  return periods
    .filter((period) => only === undefined || period === only)
    .map((period) => reportOf(stock.ts_code, stock.seed, period))
    .filter(({ published }) => published >= listed);
}

const isWithin = (from: string, to: string, date: string): boolean => from <= date && date <= to;

const headOf = ({ ts_code, period, published }: Report) => ({
  ts_code,
  ann_date: published,
  f_ann_date: published,
  end_date: period,
  report_type: '1', // consolidated
  comp_type: '1', // industry and trade
  end_type: String(Number(period.slice(4, 6)) / 3),
  update_flag: '1',
});

/** The cells in the order of the API's columns; what nobody made up is null, as most of TuShare's are. */
const rowOf = (api: Api, values: Readonly<Record<string, string | number | null>>): string =>
  JSON.stringify(api.columns.map(({ name }) => values[name] ?? null));
