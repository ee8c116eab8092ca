import { asked, double, type TableDataset, text, timestamp } from '../dataset.ts';

/** Minute bars of stocks, for named symbols only: a day of all of them is a million rows. */
export default {
  name: 'stk_mins',
  api_name: 'stk_mins',
  group: 'intraday',
  title: { zh: '股票历史分钟行情', en: 'Minute bars of stocks' },
  doc_id: 370,
  permission: 'separate',
  row_cap: 8000,
  inputs: ['ts_code', 'freq', 'start_date', 'end_date'],
  required_inputs: ['ts_code', 'freq'],
  fetch: { by: 'request', wants: ['ts_code', 'freq'], takes: ['start_date', 'end_date'] },
  expected: { rows: 'unknown', about: 8000 },
  key: ['ts_code', 'trade_time', 'freq'],
  fields: [
    text('ts_code', 'Stock code'),
    timestamp('trade_time', 'Time of the trade'),
    double('open', 'Open', 'yuan'),
    double('close', 'Close', 'yuan'),
    double('high', 'High', 'yuan'),
    double('low', 'Low', 'yuan'),
    double('vol', 'Volume', 'shares'),
    double('amount', 'Turnover', 'yuan'),
    asked(text('freq', 'Length of a bar: 1min, 5min, 15min, 30min, 60min')),
  ],
  needs: [],
} satisfies TableDataset;
