import { date, double, repeatNo, type TableDataset, text } from '../dataset.ts';

/** Seats behind the list. The same seat can repeat (机构专用 is many), so a day is replaced as a whole. */
export default {
  name: 'top_inst',
  api_name: 'top_inst',
  group: 'leaderboards',
  title: { zh: '龙虎榜机构明细', en: 'Seats of the dragon and tiger list' },
  doc_id: 107,
  points: 5000,
  row_cap: 10000,
  inputs: ['trade_date', 'ts_code'],
  required_inputs: ['trade_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // As top_list.
  history_start: '20050101',
  // Seen late (#1570).
  published: { at: '21:00' },
  expected: { rows: 'unknown', about: 700, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'exalter', 'side', 'reason', 'buy', 'sell', 'repeat_no'],
  nullable_key: ['exalter', 'reason', 'buy', 'sell'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'TuShare code'),
    text('exalter', 'Seat'),
    text('side', '0 the five largest buyers, 1 the five largest sellers'),
    double('buy', 'Bought', 'yuan'),
    double('buy_rate', 'Share of the bought in turnover', 'percent'),
    double('sell', 'Sold', 'yuan'),
    double('sell_rate', 'Share of the sold in turnover', 'percent'),
    double('net_buy', 'Net bought', 'yuan'),
    text('reason', 'Reason of listing'),
    repeatNo,
  ],
  replaces_partition: true,
  needs: ['trade_cal'],
} satisfies TableDataset;
