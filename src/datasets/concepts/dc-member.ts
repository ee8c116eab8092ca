import { date, type TableDataset, text } from '../dataset.ts';

/** Members of Eastmoney boards, of each day. A day is many answers long. */
export default {
  name: 'dc_member',
  api_name: 'dc_member',
  group: 'concepts',
  title: { zh: '东方财富板块成分', en: 'Members of Eastmoney boards' },
  doc_id: 363,
  points: 6000,
  row_cap: 5000,
  pageable: true,
  inputs: ['ts_code', 'con_code', 'trade_date'],
  // One call per board and day would be ten times as many.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  history_start: '20241220',
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 60000 },
  key: ['ts_code', 'con_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Concept'),
    text('con_code', 'Member'),
    text('name', 'Name of the member'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
