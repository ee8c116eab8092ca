import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Listed securities, value and turnover by market and board. */
export default {
  name: 'daily_info',
  api_name: 'daily_info',
  group: 'index',
  title: { zh: '市场交易统计', en: 'Statistics of the markets' },
  doc_id: 215,
  points: 600,
  row_cap: 4000,
  inputs: ['trade_date', 'ts_code', 'exchange', 'start_date', 'end_date', 'fields'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 14 },
  key: ['trade_date', 'ts_code', 'exchange'],
  nullable_key: ['exchange'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Market'),
    text('ts_name', 'Name of the market'),
    integer('com_count', 'Listed securities'),
    double('total_share', 'Total shares', '100 million shares'),
    double('float_share', 'Floating shares', '100 million shares'),
    double('total_mv', 'Market value', '100 million yuan'),
    double('float_mv', 'Floating market value', '100 million yuan'),
    double('amount', 'Turnover', '100 million yuan'),
    double('vol', 'Volume', '100 million shares'),
    double('trans_count', 'Trades', '10,000 trades'),
    double('pe', 'Average price to earnings'),
    double('tr', 'Turnover rate; null for Shenzhen', 'percent'),
    text('exchange', 'SH or SZ'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
