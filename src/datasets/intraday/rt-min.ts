import { asked, double, type TableDataset, text, timestamp } from '../dataset.ts';

/** Minute bars of stocks as they are made, for named symbols only. */
export default {
  name: 'rt_min',
  api_name: 'rt_min',
  group: 'intraday',
  title: { zh: 'A股实时分钟', en: 'Present minute bars of stocks' },
  doc_id: 374,
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
