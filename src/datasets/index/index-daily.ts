import { BAR_CHECKS } from '../checks.ts';
import { date, double, required, type TableDataset, text } from '../dataset.ts';

/**
 * Daily bars of indices. Old ones have more days than the cap: one call per index silently lost the oldest.
 * TuShare restated 295 rows of 2019 on 2024-08-14.
 */
export default {
  name: 'index_daily',
  api_name: 'index_daily',
  group: 'index',
  title: { zh: '指数日线行情', en: 'Daily bars of indices' },
  doc_id: 95,
  points: 2000,
  row_cap: 8000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  required_inputs: ['ts_code'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'index_basic', field: 'ts_code' },
    window: { date_field: 'trade_date', rows_per_year: 250 },
  },
  // TuShare names no time.
  published: { at: '18:00' },
  revisited_days: 1,
  expected: { rows: 'unknown', about: 5000, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  checks: BAR_CHECKS,
  fields: [
    text('ts_code', 'Index'),
    date('trade_date', 'Trading day'),
    required(double('close', 'Close', 'points')),
    double('open', 'Open', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('pre_close', 'Close before', 'points'),
    double('change', 'Change', 'points'),
    double('pct_chg', 'Change', 'percent'),
    double('vol', 'Volume', 'lots of 100 shares'),
    double('amount', 'Turnover', 'thousand yuan'),
  ],
  needs: ['index_basic'],
} satisfies TableDataset;
