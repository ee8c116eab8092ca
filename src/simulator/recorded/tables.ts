/**
 * Which files of a data folder hold which API's rows. File names tell what a file can contain: `_YYYYMMDD.csv` one
 * day, `_YYYYMM.csv.gz` one month, anything else any date.
 */
export interface TableFiles {
  /** Folders or files below the data folder; rows of earlier ones win over the same row in later ones. */
  readonly places: readonly string[];
  /** Column of the API → name in the file's header, where they differ. */
  readonly renamed?: Readonly<Record<string, string>>;
}

/** Files that are kept for tests of their own and aren't an API's data. */
export const LEFT_OUT = /TRUNCATED|oddities/;

export const TABLES: Readonly<Record<string, TableFiles>> = {
  stock_basic: { places: ['stock_basic/stock_basic_L_D_202603.csv'], renamed: { list_status: 'status' } },
  trade_cal: {
    places: [
      'trade_cal/trade_cal_SSE_20000101_20261231.csv',
      'trade_cal/trade_cal_derived_19901219_19991231.csv',
    ],
  },
  daily: { places: ['daily/by_month_whole_market', 'daily/whole_market_days', 'daily/by_ts_code'] },
  adj_factor: { places: ['adj_factor'] },
  daily_basic: { places: ['daily_basic'] },
  moneyflow: { places: ['moneyflow'] },
  stk_limit: { places: ['stk_limit'] },
  suspend_d: { places: ['suspend_d'] },
  index_daily: { places: ['index_daily'] },
  index_weight: { places: ['index_weight'] },
  concept_detail: { places: ['concept_detail'] },
  fund_nav: { places: ['fund_nav'] },
  income: { places: ['income'] },
  balancesheet: { places: ['balancesheet'] },
  cashflow: { places: ['cashflow'] },
  fina_indicator: { places: ['fina_indicator'] },
};
