/**
 * The TuShare APIs the simulator knows: columns in the server's order with their default visibility, row caps and
 * parameters. Source: TuShare's documentation as of 2026-05 and the answers recorded in 2025-08.
 */

import conceptDetail from '../datasets/concepts/concept-detail.ts';
import thsIndex from '../datasets/concepts/ths-index.ts';
import thsMember from '../datasets/concepts/ths-member.ts';
import type { TableDataset } from '../datasets/dataset.ts';
import balancesheet from '../datasets/financials/balancesheet.ts';
import cashflow from '../datasets/financials/cashflow.ts';
import disclosureDate from '../datasets/financials/disclosure-date.ts';
import finaIndicator from '../datasets/financials/fina-indicator.ts';
import income from '../datasets/financials/income.ts';
import fundNav from '../datasets/funds/fund-nav.ts';
import indexWeight from '../datasets/index/index-weight.ts';

export interface Column {
  readonly name: string;
  readonly type: 'text' | 'integer' | 'float';
  /** Whether the column comes back when the request names no fields. */
  readonly shown: boolean;
}

export interface Api {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Rows of one answer at most; a larger `limit` returns the cap without an error. */
  readonly rowCap: number;
  /** Column that start_date and end_date (and trade_date) select by; null where rows have no date of their own. */
  readonly dateColumn: 'trade_date' | 'cal_date' | 'nav_date' | 'ann_date' | 'end_date' | null;
  /** Parameter values TuShare assumes when the request leaves them out. */
  readonly assumed: Readonly<Record<string, string>>;
  /** Parameters without which TuShare refuses the call. */
  readonly required: readonly string[];
}

/** Reads 'ts_code area* is_open:integer vol:float': `*` marks a column that is hidden by default. */
function columns(text: string): Column[] {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [name = '', type = 'text'] = word.replace('*', '').split(':');
      return { name, type: type as Column['type'], shown: !word.includes('*') };
    });
}

const floats = (names: string) => names.trim().split(/\s+/).join(':float ').concat(':float');

const DEFAULTS = { rowCap: 6000, dateColumn: 'trade_date', assumed: {}, required: [] } as const;

const PRICES = floats('open high low close pre_close change pct_chg vol amount');

/** An API that only recorded data has: its hundred columns stand in the catalogue, which doesn't say what is hidden. */
function asCatalogued(dataset: TableDataset, dateColumn: Api['dateColumn']): Api {
  const types = {
    double: 'float',
    integer: 'integer',
    text: 'text',
    date: 'text',
    timestamp: 'text',
  } as const;
  const columns = dataset.fields
    .filter((field) => !field.own)
    .map(({ name, type }) => ({ name, type: types[type], shown: true }));
  return {
    ...DEFAULTS,
    name: dataset.api_name,
    rowCap: dataset.row_cap,
    dateColumn,
    required: dataset.required_inputs ?? [],
    columns,
  };
}

const APIS: readonly Api[] = [
  {
    ...DEFAULTS,
    name: 'stock_basic',
    dateColumn: null,
    assumed: { list_status: 'L' },
    columns: columns(
      `ts_code symbol name area industry fullname* enname* cnspell market exchange* curr_type* list_status*
       list_date delist_date* is_hs* act_name act_ent_type`,
    ),
  },
  {
    ...DEFAULTS,
    name: 'trade_cal',
    dateColumn: 'cal_date',
    assumed: { exchange: 'SSE' },
    columns: columns('exchange cal_date is_open:integer pretrade_date'),
  },
  { ...DEFAULTS, name: 'daily', columns: columns(`ts_code trade_date ${PRICES}`) },
  { ...DEFAULTS, name: 'adj_factor', columns: columns('ts_code trade_date adj_factor:float') },
  {
    ...DEFAULTS,
    name: 'daily_basic',
    columns: columns(
      `ts_code trade_date ${floats(`close turnover_rate turnover_rate_f volume_ratio pe pe_ttm pb ps ps_ttm
        dv_ratio dv_ttm total_share float_share free_share total_mv circ_mv`)}`,
    ),
  },
  {
    ...DEFAULTS,
    name: 'moneyflow',
    columns: columns(
      `ts_code trade_date ${[
        'buy_sm',
        'sell_sm',
        'buy_md',
        'sell_md',
        'buy_lg',
        'sell_lg',
        'buy_elg',
        'sell_elg',
        'net_mf',
      ]
        .map((flow) => `${flow}_vol:integer ${flow}_amount:float`)
        .join(' ')}`,
    ),
  },
  {
    ...DEFAULTS,
    name: 'stk_limit',
    rowCap: 5800,
    columns: columns('trade_date ts_code pre_close*:float up_limit:float down_limit:float'),
  },
  { ...DEFAULTS, name: 'suspend_d', columns: columns('ts_code trade_date suspend_timing suspend_type') },
  {
    ...DEFAULTS,
    name: 'index_daily',
    rowCap: 8000,
    required: ['ts_code'],
    columns: columns(
      `ts_code trade_date ${floats('close open high low pre_close change pct_chg vol amount')}`,
    ),
  },
  asCatalogued(income, 'ann_date'),
  asCatalogued(balancesheet, 'ann_date'),
  asCatalogued(cashflow, 'ann_date'),
  asCatalogued(finaIndicator, 'end_date'),
  asCatalogued(fundNav, 'nav_date'),
  asCatalogued(indexWeight, 'trade_date'),
  asCatalogued(conceptDetail, null),
  asCatalogued(thsIndex, null),
  asCatalogued(thsMember, null),
  // end_date is not the end of a range here: it names the period
  asCatalogued(disclosureDate, null),
];

/** The API of this name, or undefined when the simulator does not know it. */
export function findApi(name: string): Api | undefined {
  return APIS.find((api) => api.name === name);
}
