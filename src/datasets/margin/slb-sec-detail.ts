import { date, double, type TableDataset, text } from '../dataset.ts';

/** Shares lent to brokers, by term and fee. */
export default {
  name: 'slb_sec_detail',
  api_name: 'slb_sec_detail',
  group: 'margin',
  title: { zh: '转融券交易明细', en: 'Refinancing: shares lent, by term' },
  doc_id: 333,
  points: 2000,
  row_cap: 5000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // The lending of shares began on this day.
  history_start: '20130228',
  published: { at: '09:30', days_later: 1 },
  expected: { rows: 'unknown', about: 500, may_be_empty: true },
  key: ['ts_code', 'trade_date', 'tenor', 'fee_rate'],
  nullable_key: ['tenor', 'fee_rate'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    text('tenor', 'Term'),
    double('fee_rate', 'Fee', 'percent'),
    double('lent_qnt', 'Lent', '10,000 shares'),
  ],
  needs: ['trade_cal'],
  retired: { reason: 'the lending of shares was suspended on 2024-07-11', use: [], answers: true },
} satisfies TableDataset;
