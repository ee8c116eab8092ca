import { date, type TableDataset, text } from '../dataset.ts';

/** Securities that may be bought on margin and sold short, of each day, ETFs too. */
export default {
  name: 'margin_secs',
  api_name: 'margin_secs',
  group: 'margin',
  title: { zh: '融资融券标的（盘前更新）', en: 'Securities open to margin trading' },
  doc_id: 326,
  points: 2000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'exchange', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Margin trading began on this day.
  history_start: '20100331',
  // Documented: before the open.
  published: { at: '09:30' },
  expected: { rows: 'unknown', about: 4300 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Code'),
    text('name', 'Name'),
    text('exchange', 'Exchange'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
