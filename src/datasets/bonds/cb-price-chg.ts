import { date, double, type TableDataset, text } from '../dataset.ts';

/** Changes of conversion prices. */
export default {
  name: 'cb_price_chg',
  api_name: 'cb_price_chg',
  group: 'bonds',
  title: { zh: '可转债转股价变动', en: 'Changes of conversion prices' },
  doc_id: 246,
  permission: 'separate',
  row_cap: 2000,
  inputs: ['ts_code'],
  required_inputs: ['ts_code'],
  // Takes several codes a call.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'cb_basic', field: 'ts_code' },
    batch: 50,
  },
  expected: { rows: 'unknown', about: 6, may_be_empty: true },
  key: ['ts_code', 'change_date'],
  nullable_key: ['change_date'],
  fields: [
    text('ts_code', 'Bond'),
    text('bond_short_name', 'Short name'),
    date('publish_date', 'Day of the announcement'),
    date('change_date', 'Day of the change'),
    double('convert_price_initial', 'First conversion price', 'yuan'),
    double('convertprice_bef', 'Conversion price before', 'yuan'),
    double('convertprice_aft', 'Conversion price after', 'yuan'),
  ],
  needs: ['cb_basic'],
} satisfies TableDataset;
