import { date, double, type TableDataset, text } from '../dataset.ts';

/** Dividends of funds. */
export default {
  name: 'fund_div',
  api_name: 'fund_div',
  group: 'funds',
  title: { zh: '公募基金分红', en: 'Dividends of funds' },
  doc_id: 120,
  points: 400,
  // Not documented.
  row_cap: 5000,
  inputs: ['ann_date', 'ex_date', 'pay_date', 'ts_code'],
  // One of ann_date, ex_date, pay_date and ts_code must be given: days are fewer than funds.
  fetch: { by: 'calendar_date', date_field: 'ann_date', ranges: false },
  increments: [
    { by: 'calendar_date', date_field: 'ann_date', ranges: false },
    { by: 'calendar_date', date_field: 'ex_date', ranges: false },
  ],
  // The documentation names no start; no fund is older.
  history_start: '20010101',
  expected: { rows: 'unknown', about: 10, may_be_empty: true },
  key: ['ts_code', 'ann_date', 'div_proc', 'ex_date'],
  nullable_key: ['div_proc', 'ex_date'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('imp_anndate', 'Day the implementation was announced'),
    date('base_date', 'Base day'),
    text('div_proc', 'Stage'),
    date('record_date', 'Record day'),
    date('ex_date', 'Ex-day'),
    date('pay_date', 'Pay day'),
    date('earpay_date', 'Day income is paid'),
    date('net_ex_date', 'Ex-day of the net value'),
    double('div_cash', 'Cash per unit', 'yuan'),
    double('base_unit', 'Base units', '10,000 units'),
    double('ear_distr', 'Distributable income', 'yuan'),
    double('ear_amount', 'Income distributed', 'yuan'),
    date('account_date', 'Day of reinvestment'),
    text('base_year', 'Base year of the units'),
  ],
  needs: [],
} satisfies TableDataset;
