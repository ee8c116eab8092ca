import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Stocks that met their price limits. Not those under special treatment. */
export default {
  name: 'limit_list_d',
  api_name: 'limit_list_d',
  group: 'leaderboards',
  title: { zh: '涨跌停列表（新）', en: 'Limit-ups and limit-downs' },
  doc_id: 298,
  points: 5000,
  row_cap: 2500,
  calls_per_minute: 200,
  inputs: ['trade_date', 'ts_code', 'limit_type', 'exchange', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented: 2020.
  history_start: '20200101',
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 120, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'limit'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('industry', 'Industry'),
    text('name', 'Stock name'),
    double('close', 'Close', 'yuan'),
    double('pct_chg', 'Change', 'percent'),
    double('amount', 'Turnover', 'yuan'),
    double('limit_amount', 'Turnover at the lower limit; null for limit-ups', 'yuan'),
    double('float_mv', 'Floating market value', 'yuan'),
    double('total_mv', 'Market value', 'yuan'),
    double('turnover_ratio', 'Turnover rate', 'percent'),
    double('fd_amount', 'Orders waiting at the limit', 'yuan'),
    text('first_time', 'First time at the limit, HMMSS without leading zero; null for limit-downs'),
    text('last_time', 'Last time at the limit, HMMSS without leading zero'),
    integer('open_times', 'Times the limit was left'),
    text('up_stat', 'N/T: N limit-ups in T days'),
    integer('limit_times', 'Limit days in a row'),
    text('limit', 'D limit-down, U limit-up, Z limit left'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
