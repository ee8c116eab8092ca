import { date, double, type TableDataset, text } from '../dataset.ts';

/** Shares lent to brokers for short sales. */
export default {
  name: 'slb_sec',
  api_name: 'slb_sec',
  group: 'margin',
  title: { zh: '转融券交易汇总', en: 'Refinancing: shares lent' },
  doc_id: 332,
  points: 2000,
  row_cap: 5000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // The lending of shares began on this day.
  history_start: '20130228',
  published: { at: '09:30', days_later: 1 },
  expected: { rows: 'unknown', about: 2500, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    double('ope_inv', 'At the start', '10,000 shares'),
    double('lent_qnt', 'Lent', '10,000 shares'),
    double('cls_inv', 'At the end', '10,000 shares'),
    double('end_bal', 'At the end', '10,000 yuan'),
  ],
  needs: ['trade_cal'],
  retired: { reason: 'the lending of shares was suspended on 2024-07-11', use: [], answers: true },
} satisfies TableDataset;
