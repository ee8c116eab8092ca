import { date, double, type TableDataset, text } from '../dataset.ts';

/** Members of THS boards as of now: those that left vanish, and TuShare fills no dates. */
export default {
  name: 'ths_member',
  api_name: 'ths_member',
  group: 'concepts',
  title: { zh: '同花顺概念板块成分', en: 'Members of THS boards' },
  doc_id: 261,
  points: 6000,
  // Not documented.
  row_cap: 5000,
  calls_per_minute: 200,
  inputs: ['ts_code', 'con_code'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'ths_index', field: 'ts_code' },
  },
  expected: { rows: 'unknown', about: 60, may_be_empty: true },
  key: ['ts_code', 'con_code'],
  indexes: [['con_code']],
  fields: [
    text('ts_code', 'Index'),
    text('con_code', 'Stock code'),
    text('con_name', 'Stock name'),
    double('weight', 'Weight; not filled by TuShare'),
    date('in_date', 'Day of joining; not filled by TuShare'),
    date('out_date', 'Day of leaving; not filled by TuShare'),
    text('is_new', 'Y current, N not'),
  ],
  replaces_partition: true,
  needs: ['ths_index'],
} satisfies TableDataset;
