import { date, integer, required, type TableDataset, text } from '../dataset.ts';

/** The trading calendar of the Shanghai exchange; Shenzhen has kept the same days since it opened. */
export default {
  name: 'trade_cal',
  api_name: 'trade_cal',
  group: 'reference',
  title: { zh: '交易日历', en: 'Trading calendar' },
  doc_id: 26,
  points: 2000,
  // The documentation names no cap; 5,000 is the smallest that APIs of this kind have had.
  row_cap: 5000,
  inputs: ['exchange', 'start_date', 'end_date', 'is_open'],
  // The next year appears in December.
  fetch: { by: 'year', date_field: 'cal_date', until: 'next_year', params: { exchange: 'SSE' } },
  history_start: '19901219',
  expected: { rows: 'calendar_days' },
  key: ['exchange', 'cal_date'],
  fields: [
    text('exchange', 'SSE'),
    date('cal_date', 'Calendar day'),
    required(integer('is_open', '1 open, 0 closed')),
    date('pretrade_date', 'The trading day before'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
