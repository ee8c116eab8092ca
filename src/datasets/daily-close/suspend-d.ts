import { date, type TableDataset, text } from '../dataset.ts';

/** Suspensions and resumptions. One stock can have both on one day. */
export default {
  name: 'suspend_d',
  api_name: 'suspend_d',
  group: 'daily_close',
  title: { zh: '每日停复牌信息', en: 'Suspensions and resumptions' },
  doc_id: 214,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'suspend_type'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Published at any time.
  revisited_days: 3,
  expected: { rows: 'unknown', about: 20, may_be_empty: true },
  key: ['ts_code', 'trade_date', 'suspend_type'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Day of the suspension or resumption'),
    text('suspend_timing', 'Hours of an intraday suspension'),
    text('suspend_type', 'S suspended, R resumed'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
