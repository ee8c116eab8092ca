import { date, double, type TableDataset, text } from '../dataset.ts';
import { factors } from '../factors.ts';

/** Technical factors of market, SW and CITIC indices, unadjusted. */
export default {
  name: 'idx_factor_pro',
  api_name: 'idx_factor_pro',
  group: 'index',
  title: { zh: '指数技术因子(专业版)', en: 'Technical factors of indices' },
  doc_id: 358,
  points: 5000,
  row_cap: 8000,
  calls_per_minute: 30,
  inputs: ['ts_code', 'start_date', 'end_date', 'trade_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 2500 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    double('open', 'Open', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('close', 'Close', 'points'),
    double('pre_close', 'Close before', 'points'),
    double('change', 'Change', 'points'),
    double('pct_change', 'Change', 'percent'),
    double('vol', 'Volume', 'lots of 100 shares'),
    double('amount', 'Turnover', 'thousand yuan'),
    ...factors('bfq'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
