import { date, double, type TableDataset, text } from '../dataset.ts';

/**
 * Weekly and monthly bars that are brought up to date every day, unadjusted. A row's day is the Friday or the
 * end of the month, also when that is ahead.
 */
export default {
  name: 'stk_weekly_monthly',
  api_name: 'stk_weekly_monthly',
  group: 'daily_close',
  title: { zh: '股票周/月线行情(每日更新)', en: 'Weekly and monthly bars of today' },
  doc_id: 336,
  points: 2000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'freq'],
  required_inputs: ['freq'],
  // A stock is 35 years old at most: 1,800 weeks, in one call.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    each: { freq: ['week', 'month'] },
  },
  increments: [
    { by: 'calendar_date', date_field: 'trade_date', ranges: true, each: { freq: ['week', 'month'] } },
  ],
  // TuShare names no time.
  published: { at: '18:00' },
  // The row of the present week and month changes every day.
  revisited_days: 31,
  expected: { rows: 'unknown', about: 1500, may_be_empty: true },
  key: ['ts_code', 'trade_date', 'freq'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    date('end_date', 'Last day that is counted in'),
    text('freq', 'week or month'),
    double('open', 'Open', 'yuan'),
    double('high', 'High', 'yuan'),
    double('low', 'Low', 'yuan'),
    double('close', 'Close', 'yuan'),
    double('pre_close', 'Close of the period before', 'yuan'),
    double('vol', 'Volume'),
    double('amount', 'Turnover'),
    double('change', 'Change', 'yuan'),
    double('pct_chg', 'Change against pre_close, unadjusted', 'percent'),
  ],
  needs: ['stock_basic'],
} satisfies TableDataset;
