import { date, double, type TableDataset, text } from '../dataset.ts';

/** What funds hold, by quarter. */
export default {
  name: 'fund_portfolio',
  api_name: 'fund_portfolio',
  group: 'funds',
  title: { zh: '公募基金持仓数据', en: 'Holdings of funds' },
  doc_id: 121,
  points: 5000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'symbol', 'ann_date', 'period', 'start_date', 'end_date'],
  // A day of reports is more than offsets reach (100,000).
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'fund_basic', field: 'ts_code' },
    window: { date_field: 'end_date', rows_per_year: 250 },
  },
  increments: [{ by: 'calendar_date', date_field: 'ann_date', ranges: false }],
  expected: { rows: 'unknown', about: 2000, may_be_empty: true },
  key: ['ts_code', 'ann_date', 'end_date', 'symbol'],
  nullable_key: ['ann_date'],
  indexes: [['symbol']],
  fields: [
    text('ts_code', 'Fund'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Day of the count'),
    text('symbol', 'Stock code'),
    double('mkv', 'Value held', 'yuan'),
    double('amount', 'Shares held', 'shares'),
    double('stk_mkv_ratio', "Share of the fund's stock value", 'percent'),
    double('stk_float_ratio', 'Share of floating shares', 'percent'),
  ],
  needs: ['fund_basic'],
} satisfies TableDataset;
