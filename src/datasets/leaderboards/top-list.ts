import { date, double, type TableDataset, text } from '../dataset.ts';

/** Stocks the exchanges list for unusual trading. A stock can be listed for several reasons on one day. */
export default {
  name: 'top_list',
  api_name: 'top_list',
  group: 'leaderboards',
  title: { zh: '龙虎榜每日明细', en: 'Dragon and tiger list' },
  doc_id: 106,
  points: 2000,
  row_cap: 10000,
  inputs: ['trade_date', 'ts_code'],
  required_inputs: ['trade_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // Documented: 2005.
  history_start: '20050101',
  // TuShare names no time; published in the evening.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 70, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'reason'],
  nullable_key: ['reason'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'TuShare code'),
    text('name', 'Name'),
    double('close', 'Close', 'yuan'),
    double('pct_change', 'Change', 'percent'),
    double('turnover_rate', 'Turnover rate', 'percent'),
    double('amount', 'Turnover', 'yuan'),
    double('l_sell', 'Sold by the seats listed', 'yuan'),
    double('l_buy', 'Bought by the seats listed', 'yuan'),
    double('l_amount', 'Turnover of the seats listed', 'yuan'),
    double('net_amount', 'Net bought by the seats listed', 'yuan'),
    double('net_rate', 'Share of the net bought in turnover', 'percent'),
    double('amount_rate', 'Share of the seats listed in turnover', 'percent'),
    double('float_values', 'Floating market value', 'yuan'),
    text('reason', 'Reason of listing'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
