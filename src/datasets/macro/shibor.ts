import { date, double, type TableDataset } from '../dataset.ts';

/** Shanghai interbank rates. Columns that begin with a digit need quotes in SQL. */
export default {
  name: 'shibor',
  api_name: 'shibor',
  group: 'macro',
  title: { zh: 'Shibor利率数据', en: 'Shibor' },
  doc_id: 149,
  points: 120,
  row_cap: 2000,
  inputs: ['date', 'start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'date', until: 'this_year' },
  // The first fixing.
  history_start: '20061008',
  expected: { rows: 'unknown', about: 250, may_be_empty: true },
  key: ['date'],
  fields: [
    date('date', 'Day'),
    double('on', 'Overnight', 'percent'),
    double('1w', '1 week', 'percent'),
    double('2w', '2 weeks', 'percent'),
    double('1m', '1 month', 'percent'),
    double('3m', '3 months', 'percent'),
    double('6m', '6 months', 'percent'),
    double('9m', '9 months', 'percent'),
    double('1y', '1 year', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
