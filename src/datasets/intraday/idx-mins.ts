import { asked, double, type TableDataset, text, timestamp } from '../dataset.ts';

/** Minute bars of indices, for named symbols only. */
export default {
  name: 'idx_mins',
  api_name: 'idx_mins',
  group: 'intraday',
  title: { zh: '指数历史分钟行情', en: 'Minute bars of indices' },
  doc_id: 419,
  permission: 'separate',
  row_cap: 8000,
  inputs: ['ts_code', 'freq', 'start_date', 'end_date'],
  required_inputs: ['ts_code', 'freq'],
  fetch: { by: 'request', wants: ['ts_code', 'freq'], takes: ['start_date', 'end_date'] },
  expected: { rows: 'unknown', about: 8000 },
  key: ['ts_code', 'trade_time', 'freq'],
  fields: [
    text('ts_code', 'Index'),
    timestamp('trade_time', 'Time of the trade'),
    double('open', 'Open', 'points'),
    double('close', 'Close', 'points'),
    double('high', 'High', 'points'),
    double('low', 'Low', 'points'),
    double('vol', 'Volume', 'shares'),
    double('amount', 'Turnover', 'yuan'),
    asked(text('freq', 'Length of a bar: 1min, 5min, 15min, 30min, 60min')),
  ],
  needs: [],
} satisfies TableDataset;
