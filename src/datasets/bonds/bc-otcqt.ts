import { date, double, type TableDataset, text } from '../dataset.ts';

/** Quotes of banks for bonds over the counter. */
export default {
  name: 'bc_otcqt',
  api_name: 'bc_otcqt',
  group: 'bonds',
  title: { zh: '柜台流通式债券报价', en: 'Counter quotes of bonds' },
  doc_id: 322,
  points: 2000,
  row_cap: 2000,
  inputs: ['trade_date', 'start_date', 'end_date', 'ts_code', 'bank'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 4000, may_be_empty: true },
  key: ['ts_code', 'trade_date', 'qt_time', 'bank'],
  nullable_key: ['qt_time', 'bank'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Day of the quote'),
    text('qt_time', 'Time of the quote'),
    text('bank', 'Bank'),
    text('ts_code', 'Bond'),
    text('name', 'Short name'),
    text('maturity', 'Term'),
    text('remain_maturity', 'Time to maturity'),
    text('bond_type', 'Kind of bond'),
    double('coupon_rate', 'Coupon', 'percent'),
    double('buy_price', 'Full price for buyers', 'yuan'),
    double('sell_price', 'Full price for sellers', 'yuan'),
    double('buy_yield', 'Yield for buyers', 'percent'),
    double('sell_yield', 'Yield for sellers', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
