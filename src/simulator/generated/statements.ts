/**
 * What made-up companies report: income, balance sheet, cash flow, and the indicators worked out from them. A year's
 * earnings and equity a share fit the pe and pb that `daily_basic` tells (valuations.ts). Figures are in yuan.
 */
import type { Character } from './bars.ts';
import { unit } from './noise.ts';

/** A report of one stock: figures of the year up to the end of the period. */
export interface Report {
  readonly ts_code: string;
  /** Last day of the quarter, YYYYMMDD. */
  readonly period: string;
  /** Day on which it is published, YYYYMMDD. */
  readonly published: string;
  /** Day for which that was planned. */
  readonly planned: string;
}

/** First and last day on which the report of a quarter is published (facts: the exchanges' rules), in its year or the next. */
const PUBLISHED: Readonly<Record<string, readonly [first: string, last: string, later: 0 | 1]>> = {
  '0331': ['0408', '0430', 0],
  '0630': ['0710', '0831', 0],
  '0930': ['1009', '1031', 0],
  '1231': ['0120', '0430', 1],
};
const DAY_MS = 86_400_000;
/** Share of a year's figures that has come in by the end of each quarter. */
const BY_QUARTER: Readonly<Record<string, number>> = { '0331': 0.22, '0630': 0.47, '0930': 0.73, '1231': 1 };

/** The periods whose last day lies in a stretch, newest first. */
export function periodsIn(from: string, to: string): string[] {
  const periods: string[] = [];
  for (let year = Number(to.slice(0, 4)); year >= Number(from.slice(0, 4)); year--)
    for (const quarter of ['1231', '0930', '0630', '0331']) {
      const period = `${year}${quarter}`;
      if (from <= period && period <= to) periods.push(period);
    }
  return periods;
}

/** When a stock's report of a period comes: most of them late within the time there is. */
export function reportOf(ts_code: string, seed: number, period: string): Report {
  const [first, last, later] = PUBLISHED[period.slice(4)] ?? ['', '', 0];
  const year = Number(period.slice(0, 4)) + later;
  const from = timeOf(`${year}${first}`);
  const days = (timeOf(`${year}${last}`) - from) / DAY_MS;
  const day = Math.floor(Math.sqrt(unit(seed, Number(period), 81)) * (days + 1));
  const moved = unit(seed, Number(period), 82) < 0.1 ? 5 : 0; // a tenth publishes later than it had planned
  return {
    ts_code,
    period,
    published: dateOf(from + day * DAY_MS),
    planned: dateOf(from + Math.max(0, day - moved) * DAY_MS),
  };
}

type Figures = Record<string, number>;

/** The figures of a report by TuShare's names, each where the statement that has it looks for it. */
export function figuresOf(stock: Character, period: string): Figures {
  const now = statement(stock, period);
  const before = statement(stock, `${Number(period.slice(0, 4)) - 1}${period.slice(4)}`);
  return { ...now, ...ratios(now, before) };
}

function statement({ seed, floatShares, baseFen }: Character, period: string): Figures {
  const year = Number(period.slice(0, 4));
  const part = BY_QUARTER[period.slice(4)] ?? 1;
  const of = (salt: number) => unit(seed, 0, salt);
  const inYear = (salt: number) => 0.9 + 0.2 * unit(seed, year, salt);
  const base = baseFen / 100;
  const total_share = Math.round(floatShares * (1 + of(66)));
  const loss = of(67) < 1 / 6;
  // pe of daily_basic is close ÷ base × (8 + 60 u), pb close ÷ base × (0.7 + 5 u)
  const earned = (loss ? -0.02 * base : base / (8 + 60 * of(68))) * inYear(83) * part;
  const n_income_attr_p = fen(earned * total_share);
  const minority_gain = fen(Math.abs(n_income_attr_p) * 0.06 * of(84));
  const n_income = fen(n_income_attr_p + minority_gain);
  const revenue = fen(Math.abs(n_income) / (0.03 + 0.2 * of(85)));
  const oper_cost = fen(revenue * (0.45 + 0.35 * of(86)));
  const fin_exp = fen(revenue * 0.01 * of(87));
  const invest_income = fen(revenue * 0.01 * of(88));
  const income_tax = loss ? 0 : fen(n_income * 0.18);
  const total_profit = fen(n_income + income_tax);
  const non_oper_income = fen(revenue * 0.002);
  const non_oper_exp = fen(revenue * 0.001);
  const operate_profit = fen(total_profit - non_oper_income + non_oper_exp);
  const total_cogs = fen(revenue + invest_income - operate_profit);
  const sell_exp = fen((total_cogs - oper_cost - fin_exp) * 0.4);
  const admin_exp = fen(total_cogs - oper_cost - fin_exp - sell_exp);

  const equity = fen((base / (0.7 + 5 * of(69))) * total_share * inYear(89));
  const minority_int = fen(equity * 0.05 * of(90));
  const total_hldr_eqy_inc_min_int = fen(equity + minority_int);
  const total_liab = fen(total_hldr_eqy_inc_min_int * (0.2 + 1.6 * of(91)));
  const total_assets = fen(total_hldr_eqy_inc_min_int + total_liab);
  const total_cur_liab = fen(total_liab * 0.7);
  const total_cur_assets = fen(total_assets * (0.35 + 0.3 * of(92)));
  const money_cap = fen(total_cur_assets * (0.2 + 0.3 * of(93)));
  const inventories = fen(total_cur_assets * 0.2);

  const n_cashflow_act = fen(revenue * (0.02 + 0.12 * of(94)));
  const n_cashflow_inv_act = fen(-n_cashflow_act * (0.3 + 0.5 * of(95)));
  const n_cash_flows_fnc_act = fen(-n_cashflow_act * 0.2 * of(96));
  const n_incr_cash_cash_equ = fen(n_cashflow_act + n_cashflow_inv_act + n_cash_flows_fnc_act);
  return {
    total_share,
    revenue,
    total_revenue: revenue,
    oper_cost,
    fin_exp,
    invest_income,
    income_tax,
    total_profit,
    non_oper_income,
    non_oper_exp,
    operate_profit,
    total_cogs,
    sell_exp,
    admin_exp,
    n_income,
    n_income_attr_p,
    minority_gain,
    net_profit: n_income,
    t_compr_income: n_income,
    basic_eps: rounded(n_income_attr_p / total_share),
    diluted_eps: rounded(n_income_attr_p / total_share),
    total_hldr_eqy_exc_min_int: equity,
    minority_int,
    total_hldr_eqy_inc_min_int,
    total_liab,
    total_assets,
    total_liab_hldr_eqy: total_assets,
    total_cur_assets,
    total_nca: fen(total_assets - total_cur_assets),
    total_cur_liab,
    total_ncl: fen(total_liab - total_cur_liab),
    money_cap,
    inventories,
    n_cashflow_act,
    n_cashflow_inv_act,
    n_cash_flows_fnc_act,
    n_incr_cash_cash_equ,
    c_cash_equ_end_period: money_cap,
    c_cash_equ_beg_period: fen(money_cap - n_incr_cash_cash_equ),
  };
}

/** The indicators of a report; ratios in per cent with 4 decimals, as TuShare tells them. */
function ratios(now: Figures, before: Figures): Figures {
  const of = (figures: Figures, name: string) => figures[name] ?? 0;
  const part = (name: string, whole: string) => of(now, name) / of(now, whole);
  const percent = (name: string, whole: string) => rounded(100 * part(name, whole));
  const growth = (name: string) =>
    rounded((100 * (of(now, name) - of(before, name))) / Math.abs(of(before, name)));
  const gross_margin = fen(of(now, 'revenue') - of(now, 'oper_cost'));
  return {
    eps: rounded(part('n_income_attr_p', 'total_share')),
    dt_eps: rounded(part('n_income_attr_p', 'total_share')),
    bps: rounded(part('total_hldr_eqy_exc_min_int', 'total_share')),
    ocfps: rounded(part('n_cashflow_act', 'total_share')),
    revenue_ps: rounded(part('revenue', 'total_share')),
    total_revenue_ps: rounded(part('total_revenue', 'total_share')),
    gross_margin,
    grossprofit_margin: rounded((100 * gross_margin) / of(now, 'revenue')),
    netprofit_margin: percent('n_income', 'revenue'),
    roe: percent('n_income_attr_p', 'total_hldr_eqy_exc_min_int'),
    roe_waa: percent('n_income_attr_p', 'total_hldr_eqy_exc_min_int'),
    roa: percent('n_income', 'total_assets'),
    debt_to_assets: percent('total_liab', 'total_assets'),
    assets_to_eqt: rounded(part('total_assets', 'total_hldr_eqy_exc_min_int')),
    current_ratio: rounded(part('total_cur_assets', 'total_cur_liab')),
    quick_ratio: rounded((of(now, 'total_cur_assets') - of(now, 'inventories')) / of(now, 'total_cur_liab')),
    cash_ratio: rounded(part('money_cap', 'total_cur_liab')),
    tr_yoy: growth('total_revenue'),
    or_yoy: growth('revenue'),
    netprofit_yoy: growth('n_income_attr_p'),
    op_yoy: growth('operate_profit'),
    assets_yoy: growth('total_assets'),
  };
}

const fen = (yuan: number): number => Math.round(yuan * 100) / 100;
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;

const timeOf = (date: string): number => Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6));
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
