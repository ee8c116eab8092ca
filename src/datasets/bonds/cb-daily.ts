import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Daily bars of convertible bonds. */
export default {
  name: 'cb_daily',
  api_name: 'cb_daily',
  group: 'bonds',
  title: { zh: '可转债行情', en: 'Daily bars of convertible bonds' },
  doc_id: 187,
  points: 2000,
  row_cap: 2000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // The first listed convertible bond.
  history_start: '19930210',
  // TuShare names no time: as for stocks.
  published: { at: '17:00', late_until: '20:00' },
  expected: { rows: 'unknown', about: 500, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Bond'),
    date('trade_date', 'Trading day'),
    double('pre_close', 'Close before', 'yuan'),
    double('open', 'Open', 'yuan'),
    double('high', 'High', 'yuan'),
    double('low', 'Low', 'yuan'),
    required(double('close', 'Close', 'yuan')),
    double('change', 'Change', 'yuan'),
    double('pct_chg', 'Change', 'percent'),
    double('vol', 'Volume', 'lots of 100 shares'),
    double('amount', 'Turnover', '10,000 yuan'),
    double('bond_value', 'Value as a plain bond', 'yuan'),
    double('bond_over_rate', 'Premium on the plain bond value', 'percent'),
    double('cb_value', 'Conversion value', 'yuan'),
    double('cb_over_rate', 'Conversion premium', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
