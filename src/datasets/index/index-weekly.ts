import { date, double, type TableDataset, text } from '../dataset.ts';

/** Weekly bars of indices, on the last trading day of the week. A week can have more rows than the cap. */
export default {
  name: 'index_weekly',
  api_name: 'index_weekly',
  group: 'index',
  title: { zh: '指数周线行情', en: 'Weekly bars of indices' },
  doc_id: 171,
  points: 600,
  row_cap: 1000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false, days: 'last_of_week' },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 1500 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Index'),
    date('trade_date', 'Trading day'),
    double('close', 'Close'),
    double('open', 'Open'),
    double('high', 'High'),
    double('low', 'Low'),
    double('pre_close', 'Close before'),
    double('change', 'Change'),
    double('pct_chg', 'Change'),
    double('vol', 'Volume'),
    double('amount', 'Turnover'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
