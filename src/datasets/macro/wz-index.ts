import { date, double, type TableDataset } from '../dataset.ts';

/** Private lending rates of Wenzhou. */
export default {
  name: 'wz_index',
  api_name: 'wz_index',
  group: 'macro',
  title: { zh: '温州民间借贷利率', en: 'Private lending rates, Wenzhou' },
  doc_id: 173,
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
    double('comp_rate', 'Composite private financing rate', 'percent'),
    double('center_rate', 'Rate of lending service centres', 'percent'),
    double('micro_rate', 'Rate of small loan companies', 'percent'),
    double('cm_rate', 'Rate of private capital managers', 'percent'),
    double('sdb_rate', 'Rate of direct private lending', 'percent'),
    double('om_rate', 'Rate of other lenders', 'percent'),
    double('aa_rate', 'Rate of rural mutual aid', 'percent'),
    double('m1_rate', 'Private lending, one month', 'percent'),
    double('m3_rate', 'Private lending, three months', 'percent'),
    double('m6_rate', 'Private lending, six months', 'percent'),
    double('m12_rate', 'Private lending, one year', 'percent'),
    double('long_rate', 'Private lending, long term', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
