import { date, double, type TableDataset, text } from '../dataset.ts';

/**
 * Pledges of shares, by stock. TuShare repeats rows; a pledge that is released changes its row, so a stock is
 * replaced as a whole.
 */
export default {
  name: 'pledge_detail',
  api_name: 'pledge_detail',
  group: 'corporate',
  title: { zh: '股权质押明细', en: 'Share pledges' },
  doc_id: 111,
  points: 500,
  row_cap: 1000,
  pageable: true,
  inputs: ['ts_code'],
  required_inputs: ['ts_code'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
  },
  expected: { rows: 'unknown', about: 60, may_be_empty: true },
  key: [
    'ts_code',
    'ann_date',
    'holder_name',
    'pledge_amount',
    'start_date',
    'end_date',
    'pledgor',
    'is_release',
    'release_date',
  ],
  nullable_key: [
    'ann_date',
    'holder_name',
    'pledge_amount',
    'start_date',
    'end_date',
    'pledgor',
    'is_release',
    'release_date',
  ],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    text('holder_name', 'Holder'),
    double('pledge_amount', 'Shares pledged', '10,000 shares'),
    date('start_date', 'First day of the pledge'),
    date('end_date', 'Last day of the pledge'),
    text('is_release', '1 released, 0 not'),
    date('release_date', 'Day of release'),
    text('pledgor', 'Pledgee'),
    double('holding_amount', 'Shares held', '10,000 shares'),
    double('pledged_amount', 'Shares pledged in all', '10,000 shares'),
    double('p_total_ratio', 'Share of this pledge in total shares', 'percent'),
    double('h_total_ratio', 'Share of the shares held in total shares', 'percent'),
    text('is_buyback', '1 bought back, 0 not'),
  ],
  replaces_partition: true,
  needs: ['stock_basic'],
} satisfies TableDataset;
