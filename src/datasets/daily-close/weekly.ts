import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Weekly bars, unadjusted, on the last trading day of the week. */
export default {
  name: 'weekly',
  api_name: 'weekly',
  group: 'daily_close',
  title: { zh: '周线行情', en: 'Weekly bars' },
  doc_id: 144,
  points: 2000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true, days: 'last_of_week' },
  // TuShare names no time.
  published: { at: '18:00' },
  // Suspended stocks have no row.
  expected: { rows: 'listed_stocks', complete_from: 0.8 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    required(double('close', 'Close of the week', 'yuan')),
    required(double('open', 'Open of the week', 'yuan')),
    required(double('high', 'High of the week', 'yuan')),
    required(double('low', 'Low of the week', 'yuan')),
    double('pre_close', 'Close of the week before', 'yuan'),
    double('change', 'Change over the week', 'yuan'),
    double('pct_chg', 'Change over the week, unadjusted, as a ratio (0.01 is one percent)'),
    double('vol', 'Volume of the week', 'shares'),
    double('amount', 'Turnover of the week', 'yuan'),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
