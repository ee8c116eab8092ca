import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Valuation and turnover of the main indices. */
export default {
  name: 'index_dailybasic',
  api_name: 'index_dailybasic',
  group: 'index',
  title: { zh: '大盘指数每日指标', en: 'Daily valuation of indices' },
  doc_id: 128,
  points: 2000,
  row_cap: 3000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // Documented: January 2004.
  history_start: '20040101',
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 12 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    double('total_mv', 'Market value', 'yuan'),
    double('float_mv', 'Floating market value', 'yuan'),
    double('total_share', 'Total shares', 'shares'),
    double('float_share', 'Floating shares', 'shares'),
    double('free_share', 'Free-floating shares', 'shares'),
    double('turnover_rate', 'Turnover rate', 'percent'),
    double('turnover_rate_f', 'Turnover rate by free float', 'percent'),
    required(double('pe', 'Price to earnings')),
    double('pe_ttm', 'Price to earnings of the last twelve months'),
    double('pb', 'Price to book'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
