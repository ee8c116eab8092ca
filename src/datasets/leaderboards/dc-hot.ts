import { asked, date, double, integer, type TableDataset, text, timestamp } from '../dataset.ts';

/** What users of Eastmoney look at, the last list of each day. */
export default {
  name: 'dc_hot',
  api_name: 'dc_hot',
  group: 'leaderboards',
  title: { zh: '东方财富热板', en: 'Eastmoney hot lists' },
  doc_id: 321,
  points: 8000,
  row_cap: 2000,
  inputs: ['trade_date', 'ts_code', 'market', 'hot_type', 'is_new'],
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: false,
    params: { is_new: 'Y' },
    each: { market: ['A股市场', 'ETF基金', '港股市场', '美股市场'], hot_type: ['人气榜', '飙升榜'] },
  },
  // The last list is made at 22:30.
  published: { at: '22:45' },
  expected: { rows: 'unknown', about: 100, may_be_empty: true },
  key: ['trade_date', 'data_type', 'ts_code', 'rank_time', 'hot_type'],
  nullable_key: ['data_type'],
  fields: [
    date('trade_date', 'Trading day'),
    text('data_type', 'Kind of list'),
    text('ts_code', 'Stock code'),
    text('ts_name', 'Stock name'),
    integer('rank', 'Rank'),
    double('pct_change', 'Change', 'percent'),
    double('current_price', 'Price at that time'),
    timestamp('rank_time', 'When the list was taken'),
    text('hot', 'Heat'),
    text('concept', 'Concepts'),
    asked(text('hot_type', '人气榜 most looked at, 飙升榜 rising fastest')),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
