import { date, double, type TableDataset, text } from '../dataset.ts';

/** What known hot-money traders bought and sold. */
export default {
  name: 'hm_detail',
  api_name: 'hm_detail',
  group: 'leaderboards',
  title: { zh: '游资每日明细', en: 'Trades of hot money' },
  doc_id: 312,
  points: 10000,
  row_cap: 2000,
  pageable: true,
  inputs: ['trade_date', 'ts_code', 'hm_name', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented: August 2022.
  history_start: '20220801',
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 300, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'hm_name', 'hm_orgs'],
  nullable_key: ['hm_orgs'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('ts_name', 'Stock name'),
    double('buy_amount', 'Bought', 'yuan'),
    double('sell_amount', 'Sold', 'yuan'),
    double('net_amount', 'Net bought', 'yuan'),
    text('hm_name', 'Trader'),
    text('hm_orgs', 'Seats'),
    text('tag', 'Tag'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
