import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Shares held through Stock Connect. Northbound holdings are published by quarter since 2024-08-20. */
export default {
  name: 'hk_hold',
  api_name: 'hk_hold',
  group: 'flows',
  title: { zh: '沪深股通持股明细', en: 'Stock Connect holdings' },
  doc_id: 188,
  points: 2000,
  row_cap: 3800,
  inputs: ['code', 'ts_code', 'trade_date', 'start_date', 'end_date', 'exchange'],
  // All three together are more than the cap.
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: false,
    each: { exchange: ['SH', 'SZ', 'HK'] },
  },
  market: 'HK',
  // The documentation names no start.
  history_start: '20160629',
  // Published by the Hong Kong exchange on the next trading day.
  published: { at: '09:00', days_later: 1 },
  expected: { rows: 'unknown', about: 1800, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'exchange'],
  indexes: [['ts_code']],
  fields: [
    text('code', 'Code at the Hong Kong exchange'),
    date('trade_date', 'Trading day'),
    text('ts_code', 'TuShare code'),
    text('name', 'Stock name'),
    integer('vol', 'Shares held', 'shares'),
    double('ratio', 'Share of the issued shares', 'percent'),
    text('exchange', 'SH northbound Shanghai, SZ northbound Shenzhen, HK southbound'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
