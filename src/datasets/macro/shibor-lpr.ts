import { date, double, type TableDataset } from '../dataset.ts';

/** The rate that loans are priced by. Columns that begin with a digit need quotes in SQL. */
export default {
  name: 'shibor_lpr',
  api_name: 'shibor_lpr',
  group: 'macro',
  title: { zh: 'LPR贷款基础利率', en: 'Loan prime rate' },
  doc_id: 151,
  points: 120,
  row_cap: 4000,
  inputs: ['date', 'start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'date', until: 'this_year' },
  // The first fixing.
  history_start: '20131025',
  expected: { rows: 'unknown', about: 250, may_be_empty: true },
  key: ['date'],
  fields: [
    date('date', 'Day'),
    double('1y', '1-year rate', 'percent'),
    double('5y', '5-year rate', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
