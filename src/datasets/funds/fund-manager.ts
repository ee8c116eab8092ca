import { date, type TableDataset, text } from '../dataset.ts';

/** Who manages and managed which fund. */
export default {
  name: 'fund_manager',
  api_name: 'fund_manager',
  group: 'funds',
  title: { zh: '基金经理', en: 'Fund managers' },
  doc_id: 208,
  points: 500,
  row_cap: 5000,
  pageable: true,
  inputs: ['ts_code', 'ann_date', 'name', 'offset', 'limit'],
  // Documented: pages of 5,000.
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 60000 },
  key: ['ts_code', 'name', 'begin_date'],
  nullable_key: ['name', 'begin_date'],
  fields: [
    text('ts_code', 'Fund'),
    date('ann_date', 'Day of the announcement'),
    text('name', 'Name'),
    text('gender', 'Gender'),
    text('birth_year', 'Year of birth'),
    text('edu', 'Education'),
    text('nationality', 'Nationality'),
    date('begin_date', 'First day in office'),
    date('end_date', 'Last day in office'),
    text('resume', 'Curriculum'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
