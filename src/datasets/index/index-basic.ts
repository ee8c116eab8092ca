import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** The list of indices. Only those of Shanghai come unless each market is asked for. */
export default {
  name: 'index_basic',
  api_name: 'index_basic',
  group: 'index',
  title: { zh: '指数基本信息', en: 'Indices' },
  doc_id: 94,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'name', 'market', 'publisher', 'category'],
  fetch: { by: 'value', param: 'market', values: ['MSCI', 'CSI', 'SSE', 'SZSE', 'CICC', 'SW', 'OTH'] },
  expected: { rows: 'unknown', about: 3000, may_be_empty: true },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'TuShare code'),
    required(text('name', 'Short name')),
    text('fullname', 'Full name of the index'),
    text('market', 'Market'),
    text('publisher', 'Publisher'),
    text('index_type', 'Style'),
    text('category', 'Category'),
    date('base_date', 'Base day'),
    double('base_point', 'Base points'),
    date('list_date', 'Day of publication'),
    text('weight_rule', 'Weighting'),
    text('desc', 'Description'),
    date('exp_date', 'Last day'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
