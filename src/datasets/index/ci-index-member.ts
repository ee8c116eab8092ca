import { date, type TableDataset, text } from '../dataset.ts';

/**
 * Members of CITIC industries with the days they joined and left. Only present ones come unless both are asked
 * for.
 */
export default {
  name: 'ci_index_member',
  api_name: 'ci_index_member',
  group: 'index',
  title: { zh: '中信行业成分', en: 'Members of CITIC industries' },
  doc_id: 373,
  points: 5000,
  row_cap: 5000,
  inputs: ['l1_code', 'l2_code', 'l3_code', 'ts_code', 'is_new'],
  fetch: { by: 'value', param: 'is_new', values: ['Y', 'N'] },
  expected: { rows: 'unknown', about: 5400 },
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
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
