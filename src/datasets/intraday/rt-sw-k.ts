import { double, type TableDataset, text } from '../dataset.ts';

/** The bar of the day as it stands, of all SW industries or of those named. */
export default {
  name: 'rt_sw_k',
  api_name: 'rt_sw_k',
  group: 'intraday',
  title: { zh: '申万行业指数实时日线', en: 'Present bars of SW industries' },
  doc_id: 417,
  permission: 'separate',
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code'],
  fetch: { by: 'request', wants: [], takes: ['ts_code'] },
  expected: { rows: 'unknown', about: 500 },
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
    double('vol', 'Volume', 'shares'),
    double('amount', 'Turnover', 'yuan'),
    double('pct_change', 'Change', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
