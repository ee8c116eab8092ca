import { date, double, type TableDataset, text } from '../dataset.ts';

/** The ten largest holders of the floating shares, by report period. The same holder may appear twice. */
export default {
  name: 'top10_floatholders',
  api_name: 'top10_floatholders',
  group: 'corporate',
  title: { zh: '前十大流通股东', en: 'Ten largest floating holders' },
  doc_id: 62,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'period', 'ann_date', 'start_date', 'end_date'],
  required_inputs: ['ts_code'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    window: { date_field: 'end_date', rows_per_year: 60 },
  },
  // Stocks whose report came out.
  increments: [
    {
      by: 'code',
      param: 'ts_code',
      code_field: 'ts_code',
      codes: { dataset: 'disclosure_date', field: 'ts_code', dated_by: 'actual_date' },
      window: { date_field: 'end_date', rows_per_year: 60 },
    },
  ],
  revisited_days: 5,
  expected: { rows: 'unknown', about: 800, may_be_empty: true },
  key: ['ts_code', 'end_date', 'ann_date', 'holder_name', 'hold_amount'],
  nullable_key: ['ann_date', 'hold_amount'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Report period'),
    text('holder_name', 'Holder'),
    double('hold_amount', 'Shares held', 'shares'),
    double('hold_ratio', 'Share of total shares', 'percent'),
    double('hold_float_ratio', 'Share of floating shares', 'percent'),
    double('hold_change', 'Change of shares held', 'shares'),
    text('holder_type', 'Kind of holder'),
  ],
  needs: ['stock_basic', 'disclosure_date'],
} satisfies TableDataset;
