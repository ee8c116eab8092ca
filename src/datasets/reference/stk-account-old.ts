import { date, double, type TableDataset } from '../dataset.ts';

/** Stock accounts opened, by week, from January 2008 to 2015-05-29. */
export default {
  name: 'stk_account_old',
  api_name: 'stk_account_old',
  group: 'reference',
  title: { zh: '股票账户开户数据（旧）', en: 'New stock accounts until 2015' },
  doc_id: 165,
  points: 600,
  // Not documented.
  row_cap: 5000,
  inputs: ['start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'date', until: 'this_year' },
  history_start: '20080101',
  expected: { rows: 'unknown', about: 52 },
  key: ['date'],
  fields: [
    date('date', 'Last day of the week counted'),
    double('new_sh', 'New in the week, Shanghai', 'accounts'),
    double('new_sz', 'New in the week, Shenzhen', 'accounts'),
    double('active_sh', 'Valid accounts at the end, Shanghai', '10,000 accounts'),
    double('active_sz', 'Valid accounts at the end, Shenzhen', '10,000 accounts'),
    double('total_sh', 'Accounts at the end, Shanghai', '10,000 accounts'),
    double('total_sz', 'Accounts at the end, Shenzhen', '10,000 accounts'),
    double('trade_sh', 'Accounts that traded, Shanghai', '10,000 accounts'),
    double('trade_sz', 'Accounts that traded, Shenzhen', '10,000 accounts'),
  ],
  needs: [],
  retired: { reason: 'ended on 2015-05-29', use: ['stk_account'], answers: true },
} satisfies TableDataset;
