import { date, double, type TableDataset, text } from '../dataset.ts';

/** Repurchases of own shares. No key is documented: all members make it, and a day is replaced as a whole. */
export default {
  name: 'repurchase',
  api_name: 'repurchase',
  group: 'corporate',
  title: { zh: '股票回购', en: 'Share repurchases' },
  doc_id: 124,
  points: 600,
  row_cap: 2000,
  inputs: ['ann_date', 'start_date', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'ann_date', ranges: true },
  revisited_days: 5,
  expected: { rows: 'unknown', about: 30, may_be_empty: true },
  key: ['ts_code', 'ann_date', 'end_date', 'proc', 'exp_date', 'vol', 'amount', 'high_limit', 'low_limit'],
  nullable_key: ['end_date', 'proc', 'exp_date', 'vol', 'amount', 'high_limit', 'low_limit'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Day of the count'),
    text('proc', 'Stage'),
    date('exp_date', 'Day of expiry'),
    double('vol', 'Shares bought back', 'shares'),
    double('amount', 'Paid for them', 'yuan'),
    double('high_limit', 'Highest price', 'yuan'),
    double('low_limit', 'Lowest price', 'yuan'),
  ],
  replaces_partition: true,
  needs: [],
} satisfies TableDataset;
