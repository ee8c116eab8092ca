import { date, double, type TableDataset, text } from '../dataset.ts';

/**
 * Restricted shares that become free, by holder, also ahead. TuShare repeats rows; ann_date is often null.
 */
export default {
  name: 'share_float',
  api_name: 'share_float',
  group: 'corporate',
  title: { zh: '限售股解禁', en: 'Unlocked shares' },
  doc_id: 160,
  points: 5000,
  row_cap: 6000,
  inputs: ['ts_code', 'ann_date', 'float_date', 'start_date', 'end_date'],
  // Unlocks are known some three years ahead.
  fetch: { by: 'calendar_date', date_field: 'float_date', ranges: true, ahead_days: 1100 },
  revisited_days: 30,
  expected: { rows: 'unknown', about: 120, may_be_empty: true },
  key: ['ts_code', 'float_date', 'ann_date', 'holder_name', 'share_type', 'float_share'],
  nullable_key: ['ann_date', 'holder_name', 'share_type', 'float_share'],
  indexes: [['float_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('float_date', 'Day of the unlock'),
    double('float_share', 'Shares unlocked', 'shares'),
    double('float_ratio', 'Share of total shares', 'percent'),
    text('holder_name', 'Holder'),
    text('share_type', 'Kind of shares'),
  ],
  replaces_partition: true,
  needs: [],
} satisfies TableDataset;
