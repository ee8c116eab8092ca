import { asked, date, double, type TableDataset, text } from '../dataset.ts';

/** Revenue by product (P), region (D) and industry (I). A period of all stocks is more than 10,000 rows. */
export default {
  name: 'fina_mainbz',
  api_name: 'fina_mainbz',
  group: 'financials',
  title: { zh: '主营业务构成', en: 'Main business' },
  doc_id: 81,
  points: 2000,
  row_cap: 100,
  pageable: true,
  inputs: ['ts_code', 'period', 'type', 'start_date', 'end_date'],
  required_inputs: ['ts_code'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    window: { date_field: 'end_date', rows_per_year: 20 },
    each: { type: ['P', 'D', 'I'] },
  },
  // Stocks whose report came out.
  increments: [
    {
      by: 'code',
      param: 'ts_code',
      code_field: 'ts_code',
      codes: { dataset: 'disclosure_date', field: 'ts_code', dated_by: 'actual_date' },
      window: { date_field: 'end_date', rows_per_year: 20 },
      each: { type: ['P', 'D', 'I'] },
    },
  ],
  // The cap is not documented; every period is longer than one answer.
  vip: {
    api_name: 'fina_mainbz_vip',
    points: 5000,
    row_cap: 5000,
    fetch: { by: 'period', date_field: 'end_date', param: 'period', each: { type: ['P', 'D', 'I'] } },
  },
  expected: { rows: 'unknown', about: 300, may_be_empty: true },
  key: ['ts_code', 'end_date', 'bz_item', 'bz_code', 'curr_type', 'update_flag', 'type'],
  nullable_key: ['bz_item', 'bz_code', 'curr_type', 'update_flag'],
  versions: ['update_flag'],
  indexes: [['end_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('end_date', 'Report period'),
    text('bz_item', 'Product, region or industry'),
    double('bz_sales', 'Revenue', 'yuan'),
    double('bz_profit', 'Profit', 'yuan'),
    double('bz_cost', 'Cost', 'yuan'),
    text('curr_type', 'Currency'),
    text('update_flag', '1 updated, 0 original'),
    text('bz_code', 'Code of the item'),
    asked(text('type', 'P product, D region, I industry')),
  ],
  needs: ['stock_basic', 'disclosure_date'],
} satisfies TableDataset;
