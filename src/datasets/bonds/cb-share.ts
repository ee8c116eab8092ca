import { date, double, type TableDataset, text } from '../dataset.ts';

/**
 * How much of convertible bonds was converted, by quarter. The documentation demands ts_code and ann_date;
 * either was enough in 2026-07.
 */
export default {
  name: 'cb_share',
  api_name: 'cb_share',
  group: 'bonds',
  title: { zh: '可转债转股结果', en: 'Conversions of bonds' },
  doc_id: 247,
  points: 2000,
  row_cap: 2000,
  inputs: ['ts_code', 'ann_date', 'start_date', 'end_date'],
  // Takes several codes a call.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'cb_basic', field: 'ts_code' },
    batch: 20,
  },
  increments: [{ by: 'calendar_date', date_field: 'publish_date', param: 'ann_date', ranges: true }],
  expected: { rows: 'unknown', about: 25, may_be_empty: true },
  key: ['ts_code', 'end_date'],
  fields: [
    text('ts_code', 'Bond'),
    text('bond_short_name', 'Short name'),
    date('publish_date', 'Day of the announcement'),
    date('end_date', 'Day of the count'),
    double('issue_size', 'Amount issued', 'yuan'),
    double('convert_price_initial', 'First conversion price', 'yuan'),
    double('convert_price', 'Conversion price', 'yuan'),
    double('convert_val', 'Converted in the period', 'yuan'),
    double('convert_vol', 'Shares made of it', 'shares'),
    double('convert_ratio', 'Share converted in the period', 'percent'),
    double('acc_convert_val', 'Converted in all', 'yuan'),
    double('acc_convert_vol', 'Shares made in all', 'shares'),
    double('acc_convert_ratio', 'Share converted in all', 'percent'),
    double('remain_size', 'Amount outstanding', 'yuan'),
    double('total_shares', 'Total shares after conversion', 'shares'),
  ],
  needs: ['cb_basic'],
} satisfies TableDataset;
