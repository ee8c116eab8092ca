import { date, integer, type TableDataset, text } from '../dataset.ts';

/** Members of KPL boards, of each day. */
export default {
  name: 'kpl_concept_cons',
  api_name: 'kpl_concept_cons',
  group: 'concepts',
  title: { zh: '开盘啦题材成分', en: 'Members of KPL boards' },
  doc_id: 351,
  points: 5000,
  row_cap: 3000,
  inputs: ['trade_date', 'ts_code', 'con_code'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 5000, may_be_empty: true },
  key: ['ts_code', 'con_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Board'),
    text('name', 'Name of the board'),
    text('con_name', 'Stock name'),
    text('con_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    text('desc', 'Description'),
    integer('hot_num', 'Heat'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
