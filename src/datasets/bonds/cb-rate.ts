import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Coupons of convertible bonds, year by year. */
export default {
  name: 'cb_rate',
  api_name: 'cb_rate',
  group: 'bonds',
  title: { zh: '可转债票面利率', en: 'Coupons of convertible bonds' },
  doc_id: 305,
  points: 5000,
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
  key: ['ts_code', 'rate_start_date'],
  nullable_key: ['rate_start_date'],
  fields: [
    text('ts_code', 'Bond'),
    integer('rate_freq', 'Interest payments', 'times a year'),
    date('rate_start_date', 'First day of the interest period'),
    date('rate_end_date', 'Last day of the interest period'),
    double('coupon_rate', 'Coupon', 'percent'),
  ],
  needs: ['cb_basic'],
} satisfies TableDataset;
