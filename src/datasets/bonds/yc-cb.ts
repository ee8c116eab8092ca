import { date, double, type TableDataset, text } from '../dataset.ts';

/** Yield curves of government bonds. */
export default {
  name: 'yc_cb',
  api_name: 'yc_cb',
  group: 'bonds',
  title: { zh: '国债收益率曲线', en: 'Yield curves' },
  doc_id: 201,
  permission: 'separate',
  row_cap: 2000,
  inputs: ['ts_code', 'curve_type', 'trade_date', 'start_date', 'end_date', 'curve_term'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false, each: { curve_type: ['0', '1'] } },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 500 },
  key: ['ts_code', 'trade_date', 'curve_type', 'curve_term'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Curve'),
    text('curve_name', 'Name of the curve'),
    text('curve_type', '0 yield to maturity, 1 spot'),
    double('curve_term', 'Term', 'years'),
    double('yield', 'Yield', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
