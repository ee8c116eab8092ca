import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Daily bars of CITIC industries. */
export default {
  name: 'ci_daily',
  api_name: 'ci_daily',
  group: 'index',
  title: { zh: '中信行业指数行情', en: 'Daily bars of CITIC industries' },
  doc_id: 308,
  points: 5000,
  row_cap: 4000,
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
    double('open', 'Open', 'points'),
    double('low', 'Low', 'points'),
    double('high', 'High', 'points'),
    required(double('close', 'Close', 'points')),
    double('pre_close', 'Close before', 'points'),
    double('change', 'Change', 'points'),
    double('pct_change', 'Change', 'percent'),
    double('vol', 'Volume', '10,000 shares'),
    double('amount', 'Turnover', '10,000 yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
