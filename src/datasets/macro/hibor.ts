import { date, double, type TableDataset } from '../dataset.ts';

/** Hong Kong interbank rates. Columns that begin with a digit need quotes in SQL. */
export default {
  name: 'hibor',
  api_name: 'hibor',
  group: 'macro',
  title: { zh: 'Hibor利率', en: 'Hibor' },
  doc_id: 153,
  points: 120,
  row_cap: 4000,
  inputs: ['date', 'start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'date', until: 'this_year' },
  market: 'HK',
  // The documentation names no start.
  history_start: '20020101',
  expected: { rows: 'unknown', about: 250, may_be_empty: true },
  key: ['date'],
  fields: [
    date('date', 'Day'),
    double('on', 'Overnight', 'percent'),
    double('1w', '1 week', 'percent'),
    double('2w', '2 weeks', 'percent'),
    double('1m', '1 month', 'percent'),
    double('2m', '2 months', 'percent'),
    double('3m', '3 months', 'percent'),
    double('6m', '6 months', 'percent'),
    double('12m', '12 months', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
