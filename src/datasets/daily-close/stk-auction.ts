import { date, double, type TableDataset, text } from '../dataset.ts';

/** The opening auction of stocks and ETFs, right after it. Comes with the permission for minute bars. */
export default {
  name: 'stk_auction',
  api_name: 'stk_auction',
  group: 'daily_close',
  title: { zh: '当日集合竞价', en: 'Auction of the day' },
  doc_id: 369,
  permission: 'separate',
  row_cap: 8000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented for 9:25 to 9:29.
  published: { at: '09:30' },
  expected: { rows: 'unknown', about: 7000 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    double('vol', 'Volume', 'shares'),
    double('price', 'Average price', 'yuan'),
    double('amount', 'Turnover', 'yuan'),
    double('pre_close', 'Close before', 'yuan'),
    double('turnover_rate', 'Turnover rate', 'percent'),
    double('volume_ratio', 'Volume against the average of the five days before'),
    double('float_share', 'Floating shares', '10,000 shares'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
