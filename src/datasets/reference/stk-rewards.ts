import { date, double, type TableDataset, text } from '../dataset.ts';

/** What managers earn and hold, by report period. */
export default {
  name: 'stk_rewards',
  api_name: 'stk_rewards',
  group: 'reference',
  title: { zh: '管理层薪酬和持股', en: 'Pay and holdings of managers' },
  doc_id: 194,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'end_date'],
  required_inputs: ['ts_code'],
  // Takes several codes a call; some 400 rows a stock.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    batch: 5,
  },
  expected: { rows: 'unknown', about: 400, may_be_empty: true },
  key: ['ts_code', 'ann_date', 'end_date', 'name', 'title'],
  nullable_key: ['ann_date', 'title'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Day of the count'),
    text('name', 'Name'),
    text('title', 'Position'),
    double('reward', 'Pay', 'yuan'),
    double('hold_vol', 'Shares held', 'shares'),
  ],
  needs: ['stock_basic'],
} satisfies TableDataset;
