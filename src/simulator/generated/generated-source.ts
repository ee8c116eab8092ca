import type { Api } from '../apis.ts';
import { calendarDays, newestPublished, shanghaiTime } from '../calendar.ts';
import type { Selection, Source } from '../source.ts';
import { boardsOn } from './boards.ts';
import { disclosureRows, FINANCIAL_APIS, statementRows } from './financials.ts';
import { Market } from './market.ts';
import { RowText } from './row-text.ts';

/** Whole-market days kept ready, 0.6 MB each: pages and repeats of a day don't cost it again. */
const KEPT_DAYS = 40;
const EXCHANGES = ['SSE', 'SZSE', 'CFFEX', 'SHFE', 'CZCE', 'DCE', 'INE'];

const MARKET_OF_BOARD: Readonly<Record<string, string>> = {
  sh688: '科创板',
  sz300: '创业板',
  sz301: '创业板',
  bj920: '北交所',
};
const EXCHANGE_OF_SUFFIX: Readonly<Record<string, string>> = { SH: 'SSE', SZ: 'SZSE', BJ: 'BSE' };

/**
 * The generated market as TuShare tables. `now` gives the wall clock: later listings are not known yet, and a day's
 * rows appear at 16:00 in Shanghai.
 */
export function generatedSource(seed: number, now: () => Date): Source {
  const today = () => shanghaiTime(now()).date;
  // to the end of next year, as TuShare's in December
  const calendar = calendarDays(Number(today().slice(0, 4)) + 1);
  const market = new Market(seed, calendar);
  const text = new RowText();
  const kept = new Map<string, readonly string[]>();
  const writers = {
    daily: market.writeBar.bind(market),
    daily_basic: market.writeBasics.bind(market),
    adj_factor: market.writeFactor.bind(market),
  };
  type ByDay = keyof typeof writers;

  const newestFirst = calendar.toReversed();

  function tradeCal({ from, to, params }: Selection): string[] {
    const exchanges = params.exchange?.split(',').filter((exchange) => EXCHANGES.includes(exchange)) ?? [];
    const days = newestFirst.filter(({ date }) => from <= date && date <= to);
    return exchanges.flatMap((exchange) =>
      days.map(({ date, open, previous }) => JSON.stringify([exchange, date, open ? 1 : 0, previous])),
    );
  }

  function wholeDay(api: ByDay, day: number): readonly string[] {
    const name = `${api} ${day}`;
    const ready = kept.get(name);
    if (ready) return ready;
    for (const stock of market.stocks) writers[api](text, stock, day);
    const rows = text.takeRows();
    if (kept.size >= KEPT_DAYS) kept.delete(kept.keys().next().value ?? name);
    kept.set(name, rows);
    return rows;
  }

  function byDay(api: ByDay, { codes, from, to }: Selection, atMost: number): readonly string[] {
    const newest = newestPublished(now());
    const first = daysBefore(market.openDays, from);
    const last = daysBefore(market.openDays, dayAfter(to < newest ? to : newest)) - 1;
    if (codes === null && first === last) return wholeDay(api, last);
    const stocks = codes?.flatMap((code) => market.find(code) ?? []) ?? [];
    const rows: string[] = [];
    for (let day = last; day >= first && rows.length < atMost; day--) {
      if (codes !== null) for (const stock of stocks) writers[api](text, stock, day);
      for (const row of codes === null ? wholeDay(api, day) : text.takeRows()) rows.push(row);
    }
    return rows;
  }

  function stockBasic(codes: readonly string[] | null): string[] {
    const date = today();
    const stocks = codes ? codes.flatMap((code) => market.find(code) ?? []) : market.stocks;
    return stocks.flatMap((stock) => {
      const listDate = market.openDays[stock.firstDay] ?? '';
      if (listDate > date) return [];
      const end = market.openDays[stock.endDay];
      const delistDate = end !== undefined && end <= date ? end : null;
      const { company, ts_code } = stock;
      return JSON.stringify([
        ts_code,
        ts_code.slice(0, 6),
        delistDate ? `${company.name}(退)` : company.name,
        // TuShare has neither for a delisted stock.
        delistDate ? null : company.area,
        delistDate ? null : company.industry,
        company.fullname,
        company.enname,
        company.cnspell,
        MARKET_OF_BOARD[stock.board] ?? '主板',
        EXCHANGE_OF_SUFFIX[ts_code.slice(-2)],
        'CNY',
        delistDate ? 'D' : 'L',
        listDate,
        delistDate,
        ['N', 'S', 'H'][stock.seed % 3],
        '无实际控制人',
        '无',
      ]);
    });
  }

  const boards = () => boardsOn(market, daysBefore(market.openDays, dayAfter(today())) - 1);

  return {
    description: 'a generated market: real calendar, made-up stocks and prices',
    apis: [
      ...['stock_basic', 'trade_cal', 'daily', 'daily_basic', 'adj_factor', 'ths_index', 'ths_member'],
      ...FINANCIAL_APIS,
    ],
    async rows(api: Api, selection: Selection, atMost: number): Promise<readonly string[]> {
      switch (api.name) {
        case 'stock_basic':
          return stockBasic(selection.codes);
        case 'trade_cal':
          return tradeCal(selection);
        case 'daily':
        case 'daily_basic':
        case 'adj_factor':
          return byDay(api.name, selection, atMost);
        case 'ths_index':
          return boards()
            .filter(({ board }) => selection.codes?.includes(String(board[0])) ?? true)
            .map(({ board }) => JSON.stringify(board));
        case 'ths_member':
          return boards()
            .filter(({ board }) => selection.codes?.includes(String(board[0])) ?? true)
            .flatMap(({ members }) => members.map((member) => JSON.stringify(member)));
        case 'disclosure_date':
          return disclosureRows(market, api, selection, today());
        case 'income':
        case 'balancesheet':
        case 'cashflow':
        case 'fina_indicator':
          return statementRows(market, api, selection, today());
        default:
          return [];
      }
    },
  };
}

/** How many trading days lie before a date, which is the index of the first that does not. */
function daysBefore(openDays: readonly string[], date: string): number {
  let low = 0;
  let high = openDays.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((openDays[middle] ?? '') < date) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A text that sorts directly behind a date: dates are compared as text, so '2019-01-02' is as good as another. */
function dayAfter(date: string): string {
  return `${date} `;
}
