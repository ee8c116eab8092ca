import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Daily bars of ETFs and other listed funds, unadjusted. */
export default {
  name: 'fund_daily',
  api_name: 'fund_daily',
  group: 'funds',
  title: { zh: 'ETF日线行情', en: 'Daily bars of listed funds' },
  doc_id: 127,
  points: 5000,
  // The documentation says 2,000 in one place.
  row_cap: 5000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // The first listed funds.
  history_start: '19980407',
  // TuShare names no time: as for stocks.
  published: { at: '17:00', late_until: '20:00' },
  expected: { rows: 'unknown', about: 1900 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    required(double('open', 'Open', 'yuan')),
    required(double('high', 'High', 'yuan')),
    required(double('low', 'Low', 'yuan')),
    required(double('close', 'Close', 'yuan')),
    double('pre_close', 'Close before', 'yuan'),
    double('change', 'Change', 'yuan'),
    double('pct_chg', 'Change', 'percent'),
    double('vol', 'Volume', 'lots of 100 shares'),
    double('amount', 'Turnover', 'thousand yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
