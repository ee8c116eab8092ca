import { date, double, type TableDataset, text } from '../dataset.ts';

/** Monthly bars of indices, on the last trading day of the month. A month can have more rows than the cap. */
export default {
  name: 'index_monthly',
  api_name: 'index_monthly',
  group: 'index',
  title: { zh: '指数月线行情', en: 'Monthly bars of indices' },
  doc_id: 172,
  points: 600,
  row_cap: 1000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false, days: 'last_of_month' },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 1500 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Index'),
    date('trade_date', 'Trading day'),
    double('close', 'Close', 'points'),
    double('open', 'Open', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('pre_close', 'Close before', 'points'),
    double('change', 'Change', 'points'),
    double('pct_chg', 'Change as a ratio (0.01 is one percent)'),
    double('vol', 'Volume', 'shares'),
    double('amount', 'Turnover', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
