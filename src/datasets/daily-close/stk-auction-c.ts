import { date, double, type TableDataset, text } from '../dataset.ts';

/** The closing auction of each stock. Comes with the permission for minute bars. */
export default {
  name: 'stk_auction_c',
  api_name: 'stk_auction_c',
  group: 'daily_close',
  title: { zh: '股票收盘集合竞价数据', en: 'Closing auction' },
  doc_id: 354,
  permission: 'separate',
  row_cap: 10000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 5500 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    double('close', 'Close of the closing auction', 'yuan'),
    double('open', 'Open of the closing auction', 'yuan'),
    double('high', 'High of the closing auction', 'yuan'),
    double('low', 'Low of the closing auction', 'yuan'),
    double('vol', 'Volume of the closing auction'),
    double('amount', 'Turnover of the closing auction'),
    double('vwap', 'Average price of the closing auction', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
