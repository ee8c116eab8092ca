import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Shares pledged, counted on Fridays. A week has more rows than the cap. */
export default {
  name: 'pledge_stat',
  api_name: 'pledge_stat',
  group: 'corporate',
  title: { zh: '股权质押统计数据', en: 'Pledged shares' },
  doc_id: 110,
  points: 2000,
  row_cap: 1000,
  inputs: ['ts_code', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'end_date', ranges: false, days: 'last_of_week' },
  // The documentation names no start.
  history_start: '20140101',
  revisited_days: 14,
  expected: { rows: 'unknown', about: 2400, may_be_empty: true },
  key: ['ts_code', 'end_date'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('end_date', 'Day of the count'),
    integer('pledge_count', 'Pledges'),
    double('unrest_pledge', 'Unrestricted shares pledged', '10,000 shares'),
    double('rest_pledge', 'Restricted shares pledged', '10,000 shares'),
    double('total_share', 'Total shares', '10,000 shares'),
    double('pledge_ratio', 'Share of total shares pledged', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
