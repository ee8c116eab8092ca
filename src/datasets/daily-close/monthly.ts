import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Monthly bars, unadjusted, on the last trading day of the month. The cap is below one month's rows. */
export default {
  name: 'monthly',
  api_name: 'monthly',
  group: 'daily_close',
  title: { zh: '月线行情', en: 'Monthly bars' },
  doc_id: 145,
  points: 2000,
  row_cap: 4500,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true, days: 'last_of_month' },
  // TuShare names no time.
  published: { at: '18:00' },
  // Suspended stocks have no row.
  expected: { rows: 'listed_stocks', complete_from: 0.8 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    required(double('close', 'Close of the month', 'yuan')),
    required(double('open', 'Open of the month', 'yuan')),
    required(double('high', 'High of the month', 'yuan')),
    required(double('low', 'Low of the month', 'yuan')),
    double('pre_close', 'Close of the month before', 'yuan'),
    double('change', 'Change over the month', 'yuan'),
    double('pct_chg', 'Change over the month, unadjusted, as a ratio (0.01 is one percent)'),
    double('vol', 'Volume of the month', 'shares'),
    double('amount', 'Turnover of the month', 'yuan'),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
