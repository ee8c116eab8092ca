import { date, type TableDataset, text } from '../dataset.ts';

/** Stocks that may be traded through Stock Connect, of each day. */
export default {
  name: 'stock_hsgt',
  api_name: 'stock_hsgt',
  group: 'reference',
  title: { zh: '沪深港通股票列表', en: 'Stocks open to Stock Connect' },
  doc_id: 398,
  points: 3000,
  row_cap: 2000,
  inputs: ['ts_code', 'trade_date', 'type', 'start_date', 'end_date'],
  required_inputs: ['type'],
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: false,
    each: { type: ['HK_SZ', 'SZ_HK', 'HK_SH', 'SH_HK'] },
  },
  history_start: '20250812',
  // Documented for 9:20.
  published: { at: '09:30' },
  expected: { rows: 'unknown', about: 1000 },
  key: ['ts_code', 'trade_date', 'type'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    text('type', 'Kind'),
    text('name', 'Stock name'),
    text('type_name', 'Name of the kind'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
