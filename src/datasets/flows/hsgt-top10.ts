import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** The ten most traded stocks of each northbound channel. Days on which Hong Kong is closed have no rows. */
export default {
  name: 'hsgt_top10',
  api_name: 'hsgt_top10',
  group: 'flows',
  title: { zh: '沪深股通十大成交股', en: 'Northbound top ten' },
  doc_id: 48,
  // Not documented; twenty rows a day.
  row_cap: 5000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'market_type'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  history_start: '20141117',
  // Documented for 18 to 20 h.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 20, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'market_type'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    double('close', 'Close', 'yuan'),
    // documented as an amount; 2.0677 of a recorded row is 1.27 on 61.42 yuan
    double('change', 'Change', 'percent'),
    integer('rank', 'Rank'),
    integer('market_type', '1 Shanghai, 3 Shenzhen'),
    double('amount', 'Turnover', 'yuan'),
    double('net_amount', 'Net bought', 'yuan'),
    double('buy', 'Bought', 'yuan'),
    double('sell', 'Sold', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
