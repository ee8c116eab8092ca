import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Daily bars of bond repurchase agreements. */
export default {
  name: 'repo_daily',
  api_name: 'repo_daily',
  group: 'bonds',
  title: { zh: '债券回购日行情', en: 'Daily bars of repurchase agreements' },
  doc_id: 256,
  points: 2000,
  row_cap: 2000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 50 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    text('repo_maturity', 'Term'),
    double('pre_close', 'Close before', 'percent'),
    double('open', 'Open', 'percent'),
    double('high', 'High', 'percent'),
    double('low', 'Low', 'percent'),
    double('close', 'Close', 'percent'),
    double('weight', 'Weighted price', 'percent'),
    double('weight_r', 'Weighted price, rate bonds', 'percent'),
    double('amount', 'Turnover', '10,000 yuan'),
    integer('num', 'Trades', 'trades'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
