import { date, type TableDataset, text } from '../dataset.ts';

/**
 * Members of SW industries with the days they joined and left. Only present ones come unless both are asked for.
 */
export default {
  name: 'index_member_all',
  api_name: 'index_member_all',
  group: 'index',
  title: { zh: '申万行业成分构成(分级)', en: 'Members of SW industries' },
  doc_id: 335,
  points: 2000,
  row_cap: 2000,
  inputs: ['l1_code', 'l2_code', 'l3_code', 'ts_code', 'is_new'],
  fetch: {
    by: 'code',
    param: 'l1_code',
    code_field: 'l1_code',
    codes: { dataset: 'index_classify', field: 'index_code', where: { level: ['L1'], src: ['SW2021'] } },
    each: { is_new: ['Y', 'N'] },
  },
  expected: { rows: 'unknown', about: 200, may_be_empty: true },
  key: ['l3_code', 'ts_code', 'in_date'],
  nullable_key: ['in_date'],
  indexes: [['ts_code']],
  fields: [
    text('l1_code', 'Industry, level 1'),
    text('l1_name', 'Name of the industry, level 1'),
    text('l2_code', 'Industry, level 2'),
    text('l2_name', 'Name of the industry, level 2'),
    text('l3_code', 'Industry, level 3'),
    text('l3_name', 'Name of the industry, level 3'),
    text('ts_code', 'Member'),
    text('name', 'Name of the member'),
    date('in_date', 'Day of joining'),
    date('out_date', 'Day of leaving'),
    text('is_new', 'Y current, N not'),
  ],
  needs: ['index_classify'],
} satisfies TableDataset;
