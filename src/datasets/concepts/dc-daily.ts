import { date, double, type TableDataset, text } from '../dataset.ts';

/** Daily bars of Eastmoney boards. */
export default {
  name: 'dc_daily',
  api_name: 'dc_daily',
  group: 'concepts',
  title: { zh: '东财概念板块行情', en: 'Daily bars of Eastmoney boards' },
  doc_id: 382,
  points: 6000,
  row_cap: 2000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'idx_type'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented: 2020.
  history_start: '20200101',
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 1000 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Board'),
    date('trade_date', 'Trading day'),
    double('close', 'Close', 'points'),
    double('open', 'Open', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('change', 'Change', 'points'),
    double('pct_change', 'Change', 'percent'),
    double('vol', 'Volume', 'shares'),
    double('amount', 'Turnover', 'yuan'),
    double('swing', 'Amplitude', 'percent'),
    double('turnover_rate', 'Turnover rate', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
