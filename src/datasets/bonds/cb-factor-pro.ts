import { date, double, type TableDataset, text } from '../dataset.ts';
import { factors } from '../factors.ts';

/** Technical factors of convertible bonds, unadjusted. */
export default {
  name: 'cb_factor_pro',
  api_name: 'cb_factor_pro',
  group: 'bonds',
  title: { zh: '可转债技术因子(专业版)', en: 'Technical factors of convertibles' },
  doc_id: 392,
  points: 5000,
  row_cap: 10000,
  calls_per_minute: 30,
  inputs: ['ts_code', 'start_date', 'end_date', 'trade_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // The first listed convertible bond.
  history_start: '19930210',
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 500 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    double('open', 'Open', 'yuan'),
    double('high', 'High', 'yuan'),
    double('low', 'Low', 'yuan'),
    double('close', 'Close', 'yuan'),
    double('pre_close', 'Close before', 'yuan'),
    double('change', 'Change', 'yuan'),
    double('pct_change', 'Change', 'percent'),
    double('vol', 'Volume', 'lots'),
    double('amount', 'Turnover', '10,000 yuan'),
    ...factors('bfq'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
