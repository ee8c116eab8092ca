import { date, double, repeatNo, type TableDataset, text } from '../dataset.ts';

/**
 * Block trades of bonds at the exchanges. The same trade may rightly come twice, so a day is replaced as a
 * whole.
 */
export default {
  name: 'bond_blk_detail',
  api_name: 'bond_blk_detail',
  group: 'bonds',
  title: { zh: '大宗交易明细', en: 'Block trades of bonds by seat' },
  doc_id: 272,
  points: 5000,
  row_cap: 1000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '21:00' },
  expected: { rows: 'unknown', about: 50, may_be_empty: true },
  key: ['trade_date', 'ts_code', 'price', 'vol', 'amount', 'buy_dp', 'sell_dp', 'repeat_no'],
  nullable_key: ['price', 'vol', 'amount', 'buy_dp', 'sell_dp'],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Bond'),
    text('name', 'Name of the bond'),
    double('price', 'Price', 'yuan'),
    double('vol', 'Volume, 10,000 shares, units, pieces or lots'),
    double('amount', 'Turnover', '10,000 yuan'),
    text('buy_dp', "Buyer's seat"),
    text('sell_dp', "Seller's seat"),
    repeatNo,
  ],
  replaces_partition: true,
  needs: ['trade_cal'],
} satisfies TableDataset;
