import { date, double, type TableDataset } from '../dataset.ts';

/** Money lent to brokers for margin loans. */
export default {
  name: 'slb_len',
  api_name: 'slb_len',
  group: 'margin',
  title: { zh: '转融资交易汇总', en: 'Refinancing: money lent' },
  doc_id: 331,
  points: 2000,
  row_cap: 5000,
  inputs: ['trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Refinancing began on this day.
  history_start: '20120830',
  // TuShare names no time.
  published: { at: '09:30', days_later: 1 },
  expected: { rows: 1, may_be_empty: true },
  key: ['trade_date'],
  fields: [
    date('trade_date', 'Trading day'),
    double('ob', 'At the start', '100 million yuan'),
    double('auc_amount', 'Lent by auction', '100 million yuan'),
    double('repo_amount', 'Lent again', '100 million yuan'),
    double('repay_amount', 'Repaid', '100 million yuan'),
    double('cb', 'At the end', '100 million yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
