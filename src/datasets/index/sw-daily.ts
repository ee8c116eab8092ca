import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Daily bars of SW industries, edition of 2021. */
export default {
  name: 'sw_daily',
  api_name: 'sw_daily',
  group: 'index',
  title: { zh: '申万行业日线行情', en: 'Daily bars of SW industries' },
  doc_id: 327,
  points: 5000,
  row_cap: 4000,
  calls_per_minute: 200,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 440 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Index'),
    date('trade_date', 'Trading day'),
    text('name', 'Name of the index'),
    double('open', 'Open', 'points'),
    double('low', 'Low', 'points'),
    double('high', 'High', 'points'),
    required(double('close', 'Close', 'points')),
    double('change', 'Change', 'points'),
    double('pct_change', 'Change', 'percent'),
    double('vol', 'Volume', '10,000 shares'),
    double('amount', 'Turnover', '10,000 yuan'),
    double('pe', 'Price to earnings'),
    double('pb', 'Price to book'),
    double('float_mv', 'Floating market value', '10,000 yuan'),
    double('total_mv', 'Market value', '10,000 yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
