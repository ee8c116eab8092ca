import { date, type TableDataset, text } from '../dataset.ts';

/** Managers of listed companies. TuShare repeats rows. */
export default {
  name: 'stk_managers',
  api_name: 'stk_managers',
  group: 'reference',
  title: { zh: '上市公司管理层', en: 'Managers' },
  doc_id: 193,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'ann_date', 'start_date', 'end_date'],
  // Takes several codes a call; some 60 rows a stock.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    batch: 50,
  },
  increments: [{ by: 'calendar_date', date_field: 'ann_date', ranges: true }],
  expected: { rows: 'unknown', about: 60, may_be_empty: true },
  key: ['ts_code', 'ann_date', 'name', 'title', 'begin_date'],
  nullable_key: ['ann_date', 'title', 'begin_date'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    text('name', 'Name'),
    text('gender', 'Gender'),
    text('lev', 'Kind of position'),
    text('title', 'Position'),
    text('edu', 'Education'),
    text('national', 'Nationality'),
    text('birthday', 'Birth, year or year and month'),
    date('begin_date', 'First day in office'),
    date('end_date', 'Last day in office'),
    text('resume', 'Curriculum'),
  ],
  needs: ['stock_basic'],
} satisfies TableDataset;
