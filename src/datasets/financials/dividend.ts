import { date, double, required, type TableDataset, text } from '../dataset.ts';

/**
 * Dividends: one event is several rows, plan, approval and implementation. ann_date can be null, so days alone
 * would lose rows.
 */
export default {
  name: 'dividend',
  api_name: 'dividend',
  group: 'financials',
  title: { zh: '分红送股', en: 'Dividends' },
  doc_id: 103,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'ann_date', 'record_date', 'ex_date', 'imp_ann_date'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
  },
  increments: [
    { by: 'calendar_date', date_field: 'ann_date', ranges: false },
    { by: 'calendar_date', date_field: 'imp_ann_date', ranges: false },
    { by: 'calendar_date', date_field: 'ex_date', ranges: false },
  ],
  expected: { rows: 'unknown', about: 60, may_be_empty: true },
  key: ['ts_code', 'end_date', 'ann_date', 'div_proc', 'record_date', 'ex_date'],
  nullable_key: ['end_date', 'ann_date', 'div_proc', 'record_date', 'ex_date'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('end_date', 'Period of the dividend'),
    date('ann_date', 'Day the plan was announced'),
    text('div_proc', 'Stage: 预案, 股东大会通过, 实施 and others'),
    double('stk_div', 'Bonus and transferred shares per share', 'shares'),
    double('stk_bo_rate', 'Bonus shares per share', 'shares'),
    double('stk_co_rate', 'Transferred shares per share', 'shares'),
    double('cash_div', 'Cash per share after tax', 'yuan'),
    required(double('cash_div_tax', 'Cash per share before tax', 'yuan')),
    date('record_date', 'Record day'),
    date('ex_date', 'Ex-day'),
    date('pay_date', 'Pay day'),
    date('div_listdate', 'First trading day of the bonus shares'),
    date('imp_ann_date', 'Day the implementation was announced'),
    date('base_date', 'Base day'),
    double('base_share', 'Base shares', '10,000 shares'),
  ],
  needs: ['stock_basic'],
} satisfies TableDataset;
