import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Factors that make prices comparable over ex-days: price times factor. Suspended stocks have one too. */
export default {
  name: 'adj_factor',
  api_name: 'adj_factor',
  group: 'daily_close',
  title: { zh: '复权因子', en: 'Adjustment factors' },
  doc_id: 28,
  points: 2000,
  // Not documented; one day had 5,464 rows (2025-12-18).
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented for 9:15 to 9:20; the last rows were seen as late as 17 h, and corrections after days.
  published: { at: '09:30', late_until: '17:00' },
  revisited_days: 5,
  expected: { rows: 'listed_stocks', complete_from: 0.95 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    required(double('adj_factor', 'Adjustment factor')),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
