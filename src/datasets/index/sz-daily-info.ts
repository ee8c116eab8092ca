import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Turnover of the Shenzhen exchange by kind of security. */
export default {
  name: 'sz_daily_info',
  api_name: 'sz_daily_info',
  group: 'index',
  title: { zh: '深圳市场每日交易概况', en: 'Statistics of Shenzhen' },
  doc_id: 268,
  points: 2000,
  row_cap: 2000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 15 },
  key: ['trade_date', 'ts_code'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Market'),
    integer('count', 'Securities'),
    double('amount', 'Turnover', 'yuan'),
    double('vol', 'Volume'),
    double('total_share', 'Total shares', 'shares'),
    double('total_mv', 'Market value', 'yuan'),
    double('float_share', 'Floating shares', 'shares'),
    double('float_mv', 'Floating market value', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
