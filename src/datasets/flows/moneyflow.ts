import { date, double, integer, required, type TableDataset, text } from '../dataset.ts';

/** Orders bought and sold by size. Stocks of the Beijing exchange have no rows. */
export default {
  name: 'moneyflow',
  api_name: 'moneyflow',
  group: 'flows',
  title: { zh: '个股资金流向', en: 'Money flow of stocks' },
  doc_id: 170,
  points: 2000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  history_start: '20100101',
  // TuShare names no time; seen late in the evening (#1000).
  published: { at: '19:00' },
  // Suspended stocks and the Beijing exchange are missing.
  expected: { rows: 'listed_stocks', complete_from: 0.7 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    integer('buy_sm_vol', 'Small orders bought', 'lots of 100 shares'),
    double('buy_sm_amount', 'Small orders bought', '10,000 yuan'),
    integer('sell_sm_vol', 'Small orders sold', 'lots of 100 shares'),
    double('sell_sm_amount', 'Small orders sold', '10,000 yuan'),
    integer('buy_md_vol', 'Medium orders bought', 'lots of 100 shares'),
    double('buy_md_amount', 'Medium orders bought', '10,000 yuan'),
    integer('sell_md_vol', 'Medium orders sold', 'lots of 100 shares'),
    double('sell_md_amount', 'Medium orders sold', '10,000 yuan'),
    integer('buy_lg_vol', 'Large orders bought', 'lots of 100 shares'),
    double('buy_lg_amount', 'Large orders bought', '10,000 yuan'),
    integer('sell_lg_vol', 'Large orders sold', 'lots of 100 shares'),
    double('sell_lg_amount', 'Large orders sold', '10,000 yuan'),
    integer('buy_elg_vol', 'Extra-large orders bought', 'lots of 100 shares'),
    double('buy_elg_amount', 'Extra-large orders bought', '10,000 yuan'),
    integer('sell_elg_vol', 'Extra-large orders sold', 'lots of 100 shares'),
    double('sell_elg_amount', 'Extra-large orders sold', '10,000 yuan'),
    integer('net_mf_vol', 'Net inflow', 'lots of 100 shares'),
    required(double('net_mf_amount', 'Net inflow', '10,000 yuan')),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
