import { date, type TableDataset, text } from '../dataset.ts';

/** Stocks at the upper limit for several days in a row. */
export default {
  name: 'limit_step',
  api_name: 'limit_step',
  group: 'leaderboards',
  title: { zh: '连板天梯', en: 'Limit days in a row' },
  doc_id: 356,
  points: 8000,
  row_cap: 2000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date', 'nums'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 20, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Code'),
    text('name', 'Name'),
    date('trade_date', 'Trading day'),
    text('nums', 'Limit days in a row'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
