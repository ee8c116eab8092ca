import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Southbound turnover of the day. Days on which Hong Kong is closed have no row. */
export default {
  name: 'ggt_daily',
  api_name: 'ggt_daily',
  group: 'flows',
  title: { zh: '港股通每日成交统计', en: 'Southbound turnover' },
  doc_id: 196,
  points: 2000,
  row_cap: 1000,
  inputs: ['trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  market: 'HK',
  history_start: '20141117',
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 1, may_be_empty: true },
  key: ['trade_date'],
  fields: [
    date('trade_date', 'Trading day'),
    double('buy_amount', 'Bought', '100 million yuan'),
    double('buy_volume', 'Trades that bought', '10,000 trades'),
    double('sell_amount', 'Sold', '100 million yuan'),
    double('sell_volume', 'Trades that sold', '10,000 trades'),
    integer('day_rank', 'Not documented'),
    integer('total', 'Not documented'),
    text('cat_id', 'Not documented'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
