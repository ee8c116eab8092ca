import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Daily bars of THS boards. */
export default {
  name: 'ths_daily',
  api_name: 'ths_daily',
  group: 'concepts',
  title: { zh: '同花顺板块指数行情', en: 'Daily bars of THS boards' },
  doc_id: 260,
  points: 6000,
  row_cap: 3000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 1250 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Index'),
    date('trade_date', 'Trading day'),
    required(double('close', 'Close', 'points')),
    double('open', 'Open', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('pre_close', 'Close before', 'points'),
    double('avg_price', 'Average price'),
    double('change', 'Change', 'points'),
    double('pct_change', 'Change', 'percent'),
    double('vol', 'Volume'),
    double('turnover_rate', 'Turnover rate', 'percent'),
    double('total_mv', 'Market value'),
    double('float_mv', 'Floating market value'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
