import { date, double, integer, type TableDataset, text, timestamp } from '../dataset.ts';

/** What users of THS look at, the last list of each day. concept is JSON. */
export default {
  name: 'ths_hot',
  api_name: 'ths_hot',
  group: 'leaderboards',
  title: { zh: '同花顺热榜', en: 'THS hot lists' },
  doc_id: 320,
  points: 6000,
  row_cap: 2000,
  inputs: ['trade_date', 'ts_code', 'market', 'is_new'],
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: false,
    params: { is_new: 'Y' },
    each: { market: ['热股', 'ETF', '可转债', '行业板块', '概念板块', '期货', '港股', '热基', '美股'] },
  },
  // The last list is made at 22:30.
  published: { at: '22:45' },
  expected: { rows: 'unknown', about: 100, may_be_empty: true },
  key: ['trade_date', 'data_type', 'ts_code', 'rank_time'],
  fields: [
    date('trade_date', 'Trading day'),
    text('data_type', 'Kind of list'),
    text('ts_code', 'Stock code'),
    text('ts_name', 'Stock name'),
    integer('rank', 'Rank'),
    double('pct_change', 'Change', 'percent'),
    double('current_price', 'Price at that time'),
    text('concept', 'Tag'),
    text('rank_reason', 'Why it is on the list'),
    double('hot', 'Heat'),
    timestamp('rank_time', 'When the list was taken'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
