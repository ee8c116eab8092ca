import { date, type TableDataset, text } from '../dataset.ts';

/** Members of TDX boards, of each day. A day is many answers long. */
export default {
  name: 'tdx_member',
  api_name: 'tdx_member',
  group: 'concepts',
  title: { zh: '通达信板块成分', en: 'Members of TDX boards' },
  doc_id: 377,
  points: 6000,
  row_cap: 3000,
  inputs: ['ts_code', 'trade_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 30000 },
  key: ['ts_code', 'trade_date', 'con_code'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Board'),
    date('trade_date', 'Trading day'),
    text('con_code', 'Member'),
    text('con_name', 'Name of the member'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
