import { date, integer, required, type TableDataset, text } from './dataset.ts';
import { FIRST_MARKET_DATE } from './dates.ts';

/** The trading calendar of the Shanghai exchange; Shenzhen has kept the same days since it opened. */
export const tradeCal: TableDataset = {
  name: 'trade_cal',
  api_name: 'trade_cal',
  title: { zh: '交易日历', en: 'Trading calendar' },
  fields: [
    text('exchange', 'SSE'),
    date('cal_date', 'Calendar day'),
    required(integer('is_open', '1 open, 0 closed')),
    date('pretrade_date', 'The trading day before'),
  ],
  key: ['exchange', 'cal_date'],
  // The documentation names no cap; 5,000 is the smallest that APIs of this kind have had.
  row_cap: 5000,
  calls_per_minute: null,
  fetch: {
    by: 'calendar',
    date_field: 'cal_date',
    first: FIRST_MARKET_DATE,
    params: { exchange: 'SSE' },
  },
  snapshot: { max_loss: 0.05 },
  needs: [],
  modes: ['full'],
};
