import { date, double, type TableDataset, text } from '../dataset.ts';

/** Shares lent to market makers. */
export default {
  name: 'slb_len_mm',
  api_name: 'slb_len_mm',
  group: 'margin',
  title: { zh: '做市借券交易汇总', en: 'Refinancing: market makers' },
  doc_id: 334,
  points: 2000,
  row_cap: 5000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Market making on the STAR market began on this day.
  history_start: '20221031',
  published: { at: '09:30', days_later: 1 },
  expected: { rows: 'unknown', about: 100, may_be_empty: true },
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
  retired: { reason: 'no longer updated', use: [], answers: true },
} satisfies TableDataset;
