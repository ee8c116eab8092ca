import { date, double, type TableDataset, text } from '../dataset.ts';

/** Daily bars of indices abroad, on their own trading days. */
export default {
  name: 'index_global',
  api_name: 'index_global',
  group: 'index',
  title: { zh: '国际指数', en: 'Global indices' },
  doc_id: 211,
  points: 6000,
  row_cap: 4000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'trade_date', ranges: true },
  market: 'GLOBAL',
  // After New York has closed.
  published: { at: '09:00', days_later: 1 },
  revisited_days: 3,
  expected: { rows: 'unknown', about: 20, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  fields: [
    text('ts_code', 'Index'),
    date('trade_date', 'Trading day'),
    double('open', 'Open', 'points'),
    double('close', 'Close', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('pre_close', 'Close before', 'points'),
    double('change', 'Change', 'points'),
    double('pct_chg', 'Change', 'percent'),
    double('swing', 'Amplitude', 'percent'),
    double('vol', 'Volume; mostly null'),
    double('amount', 'Turnover; mostly null'),
  ],
  needs: [],
} satisfies TableDataset;
