import { date, double, type TableDataset, text } from '../dataset.ts';

/** The best quotes of banks for bonds over the counter. */
export default {
  name: 'bc_bestotcqt',
  api_name: 'bc_bestotcqt',
  group: 'bonds',
  title: { zh: '柜台流通式债券最优报价', en: 'Best counter quotes of bonds' },
  doc_id: 323,
  points: 2000,
  row_cap: 2000,
  inputs: ['trade_date', 'start_date', 'end_date', 'ts_code'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 600, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Day of the quote'),
    text('ts_code', 'Bond'),
    text('name', 'Short name'),
    text('remain_maturity', 'Time to maturity'),
    text('bond_type', 'Kind of bond'),
    text('best_buy_bank', 'Bank with the best price for buyers'),
    double('best_buy_yield', 'Best yield for buyers', 'percent'),
    double('best_buy_price', 'Best full price for buyers', 'yuan'),
    text('best_sell_bank', 'Bank with the best price for sellers'),
    double('best_sell_yield', 'Best yield for sellers', 'percent'),
    double('best_sell_price', 'Best full price for sellers', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
