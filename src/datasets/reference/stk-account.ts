import { date, double, type TableDataset } from '../dataset.ts';

/** Stock accounts opened, by week. */
export default {
  name: 'stk_account',
  api_name: 'stk_account',
  group: 'reference',
  title: { zh: '股票账户开户数据', en: 'New stock accounts' },
  doc_id: 164,
  points: 600,
  // Not documented.
  row_cap: 5000,
  inputs: ['date', 'start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'date', until: 'this_year' },
  // Before it: stk_account_old.
  history_start: '20150529',
  expected: { rows: 'unknown', about: 52 },
  key: ['date'],
  fields: [
    date('date', 'Last day of the week counted'),
    double('weekly_new', 'New in the week', '10,000'),
    double('total', 'Accounts at the end', '10,000'),
    double('weekly_hold', 'Accounts with holdings', '10,000'),
    double('weekly_trade', 'Accounts that traded', '10,000'),
  ],
  needs: [],
  retired: { reason: 'no longer updated', use: [], answers: true },
} satisfies TableDataset;
