import { double, type TableDataset, text } from '../dataset.ts';

/** The bar of the day as it stands, for named indices; `0*.SH` names many. */
export default {
  name: 'rt_idx_k',
  api_name: 'rt_idx_k',
  group: 'intraday',
  title: { zh: '指数实时日线', en: 'Present bars of indices' },
  doc_id: 403,
  permission: 'separate',
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code'],
  required_inputs: ['ts_code'],
  fetch: { by: 'request', wants: ['ts_code'] },
  expected: { rows: 'unknown', about: 1000 },
  key: ['ts_code', 'trade_time'],
  nullable_key: ['trade_time'],
  fields: [
    text('ts_code', 'Index'),
    text('name', 'Name of the index'),
    text('trade_time', 'Time of the trade'),
    double('close', 'Latest price', 'points'),
    double('pre_close', 'Close before', 'points'),
    double('high', 'High', 'points'),
    double('open', 'Open', 'points'),
    double('low', 'Low', 'points'),
    double('vol', 'Volume'),
    double('amount', 'Turnover', 'yuan'),
  ],
  needs: [],
} satisfies TableDataset;
