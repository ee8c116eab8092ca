import { date, double, repeatNo, type TableDataset, text } from '../dataset.ts';

/** Block trades. The same trade may rightly come twice, so a day is replaced as a whole. */
export default {
  name: 'block_trade',
  api_name: 'block_trade',
  group: 'corporate',
  title: { zh: '大宗交易', en: 'Block trades' },
  doc_id: 161,
  points: 300,
  row_cap: 1000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Seen late in the evening (#772).
  published: { at: '21:00' },
  expected: { rows: 'unknown', about: 150, about_at_start: 0, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'price', 'vol', 'amount', 'buyer', 'seller', 'repeat_no'],
  nullable_key: ['price', 'vol', 'amount', 'buyer', 'seller'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    double('price', 'Price', 'yuan'),
    double('vol', 'Volume', '10,000 shares'),
    double('amount', 'Turnover', '10,000 yuan'),
    text('buyer', "Buyer's seat"),
    text('seller', "Seller's seat"),
    repeatNo,
  ],
  replaces_partition: true,
  needs: ['trade_cal'],
} satisfies TableDataset;
