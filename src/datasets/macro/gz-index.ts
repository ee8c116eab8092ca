import { date, double, type TableDataset } from '../dataset.ts';

/** Private lending rates of Guangzhou. */
export default {
  name: 'gz_index',
  api_name: 'gz_index',
  group: 'macro',
  title: { zh: '广州民间借贷利率', en: 'Private lending rates, Guangzhou' },
  doc_id: 174,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['date', 'start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'date', until: 'this_year' },
  // The documentation names no start.
  history_start: '20120101',
  expected: { rows: 'unknown', about: 250, may_be_empty: true },
  key: ['date'],
  fields: [
    date('date', 'Day'),
    double('d10_rate', 'Average rate of small loans, ten days', 'percent'),
    double('m1_rate', 'Average rate of small loans, one month', 'percent'),
    double('m3_rate', 'Average rate of small loans, three months', 'percent'),
    double('m6_rate', 'Average rate of small loans, six months', 'percent'),
    double('m12_rate', 'Average rate of small loans, one year', 'percent'),
    double('long_rate', 'Average rate of small loans, long term', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
