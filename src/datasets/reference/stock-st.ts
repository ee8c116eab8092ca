import { date, type TableDataset, text } from '../dataset.ts';

/** Stocks under special treatment, of each day. */
export default {
  name: 'stock_st',
  api_name: 'stock_st',
  group: 'reference',
  title: { zh: 'ST股票列表', en: 'ST stocks of each day' },
  doc_id: 397,
  points: 3000,
  row_cap: 1000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented; earlier days can't be had.
  history_start: '20160101',
  // Documented for 9:20.
  published: { at: '09:30' },
  expected: { rows: 'unknown', about: 180 },
  key: ['ts_code', 'trade_date', 'type'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    date('trade_date', 'Trading day'),
    text('type', 'Kind'),
    text('type_name', 'Name of the kind'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
