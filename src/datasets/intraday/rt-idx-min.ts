import { asked, double, type TableDataset, text, timestamp } from '../dataset.ts';

/** Minute bars of indices as they are made, for named symbols only. */
export default {
  name: 'rt_idx_min',
  api_name: 'rt_idx_min',
  group: 'intraday',
  title: { zh: '指数实时分钟', en: 'Present minute bars of indices' },
  doc_id: 420,
  permission: 'separate',
  row_cap: 1000,
  inputs: ['freq', 'ts_code'],
  required_inputs: ['ts_code', 'freq'],
  fetch: { by: 'request', wants: ['ts_code', 'freq'] },
  expected: { rows: 'unknown', about: 240 },
  key: ['ts_code', 'time', 'freq'],
  fields: [
    text('ts_code', 'Stock code'),
    timestamp('time', 'Time of the trade'),
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
