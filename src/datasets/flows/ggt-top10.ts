import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** The ten most traded stocks of each southbound channel. Days on which Hong Kong is closed have no rows. */
export default {
  name: 'ggt_top10',
  api_name: 'ggt_top10',
  group: 'flows',
  title: { zh: '港股通十大成交股', en: 'Southbound top ten' },
  doc_id: 49,
  // Not documented; twenty rows a day.
  row_cap: 5000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'market_type'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  market: 'HK',
  history_start: '20141117',
  // Documented for 18 to 20 h.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 20, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'market_type'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    double('close', 'Close', 'HK dollars'),
    double('p_change', 'Change', 'percent'),
    integer('rank', 'Rank'),
    integer('market_type', '2 through Shanghai, 4 through Shenzhen'),
    double('amount', 'Turnover', 'yuan'),
    double('net_amount', 'Net bought', 'yuan'),
    double('sh_amount', 'Turnover through Shanghai', 'yuan'),
    double('sh_net_amount', 'Net bought through Shanghai', 'yuan'),
    double('sh_buy', 'Bought through Shanghai', 'yuan'),
    double('sh_sell', 'Sold through Shanghai', 'yuan'),
    double('sz_amount', 'Turnover through Shenzhen', 'yuan'),
    double('sz_net_amount', 'Net bought through Shenzhen', 'yuan'),
    double('sz_buy', 'Bought through Shenzhen', 'yuan'),
    double('sz_sell', 'Sold through Shenzhen', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
