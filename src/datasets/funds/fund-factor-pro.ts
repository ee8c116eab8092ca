import { date, double, type TableDataset, text } from '../dataset.ts';
import { factors } from '../factors.ts';

/** Technical factors of listed funds, unadjusted. */
export default {
  name: 'fund_factor_pro',
  api_name: 'fund_factor_pro',
  group: 'funds',
  title: { zh: '场内基金技术因子(专业版)', en: 'Technical factors of listed funds' },
  doc_id: 359,
  points: 5000,
  row_cap: 8000,
  calls_per_minute: 30,
  inputs: ['ts_code', 'start_date', 'end_date', 'trade_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // The first listed funds.
  history_start: '19980407',
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 1900 },
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
    double('amount', 'Turnover', 'thousand yuan'),
    ...factors('bfq'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
