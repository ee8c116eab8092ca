import { date, double, required, type TableDataset, text } from '../dataset.ts';

/**
 * Price limits of the day, for A and B shares and funds. One day has more rows than the cap (7,396 on
 * 2025-12-19).
 */
export default {
  name: 'stk_limit',
  api_name: 'stk_limit',
  group: 'daily_close',
  title: { zh: '每日涨跌停价格', en: 'Price limits' },
  doc_id: 183,
  points: 2000,
  row_cap: 5800,
  pageable: true,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // One day is more than one answer holds: the rest comes by pages.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // Documented for 8:40.
  published: { at: '09:00' },
  expected: { rows: 'unknown', about: 7400 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'TuShare code'),
    double('pre_close', 'Close before', 'yuan'),
    required(double('up_limit', 'Upper price limit', 'yuan')),
    required(double('down_limit', 'Lower price limit', 'yuan')),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
