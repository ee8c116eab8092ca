import { date, double, type TableDataset, text } from '../dataset.ts';

/** London interbank rates; they ended in 2023. Columns that begin with a digit need quotes in SQL. */
export default {
  name: 'libor',
  api_name: 'libor',
  group: 'macro',
  title: { zh: 'Libor拆借利率', en: 'Libor' },
  doc_id: 152,
  points: 120,
  row_cap: 4000,
  inputs: ['date', 'start_date', 'end_date', 'curr_type'],
  fetch: {
    by: 'year',
    date_field: 'date',
    until: 'this_year',
    each: { curr_type: ['USD', 'EUR', 'JPY', 'GBP', 'CHF'] },
  },
  market: 'GLOBAL',
  // The documentation names no start.
  history_start: '19900101',
  expected: { rows: 'unknown', about: 250, may_be_empty: true },
  key: ['date', 'curr_type'],
  fields: [
    date('date', 'Day'),
    text('curr_type', 'Currency'),
    double('on', 'Overnight', 'percent'),
    double('1w', '1 week', 'percent'),
    double('1m', '1 month', 'percent'),
    double('2m', '2 months', 'percent'),
    double('3m', '3 months', 'percent'),
    double('6m', '6 months', 'percent'),
    double('12m', '12 months', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
