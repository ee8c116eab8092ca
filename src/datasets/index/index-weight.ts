import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Members of indices and their weights, once or twice a month. */
export default {
  name: 'index_weight',
  api_name: 'index_weight',
  group: 'index',
  title: { zh: '指数成分和权重', en: 'Weights of index members' },
  doc_id: 96,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['index_code', 'trade_date', 'start_date', 'end_date'],
  required_inputs: ['index_code'],
  // An index of 500 members has 6,000 rows a year.
  fetch: {
    by: 'code',
    param: 'index_code',
    code_field: 'index_code',
    codes: { dataset: 'index_basic', field: 'ts_code', where: { market: ['SSE', 'SZSE', 'CSI'] } },
    window: { date_field: 'trade_date', rows_per_year: 6000 },
  },
  revisited_days: 31,
  expected: { rows: 'unknown', about: 10000, may_be_empty: true },
  key: ['index_code', 'con_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('index_code', 'Index'),
    text('con_code', 'Member'),
    date('trade_date', 'Trading day'),
    required(double('weight', 'Weight', 'percent')),
  ],
  needs: ['index_basic'],
} satisfies TableDataset;
