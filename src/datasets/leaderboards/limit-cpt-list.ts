import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Concept boards with most members at the upper limit. */
export default {
  name: 'limit_cpt_list',
  api_name: 'limit_cpt_list',
  group: 'leaderboards',
  title: { zh: '最强板块统计', en: 'Boards with most limit-ups' },
  doc_id: 357,
  points: 8000,
  row_cap: 2000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 20, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Board'),
    text('name', 'Name of the board'),
    date('trade_date', 'Trading day'),
    integer('days', 'Days on the list'),
    text('up_stat', 'Most limit days in a row'),
    integer('cons_nums', 'Members with limit days in a row'),
    integer('up_nums', 'Members at the upper limit'),
    double('pct_chg', 'Change', 'percent'),
    text('rank', 'Rank'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
