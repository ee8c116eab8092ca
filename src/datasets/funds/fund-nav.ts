import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Net values of funds. A day comes again later with update_flag 1, as a row of its own. */
export default {
  name: 'fund_nav',
  api_name: 'fund_nav',
  group: 'funds',
  title: { zh: '公募基金净值', en: 'Net values of funds' },
  doc_id: 119,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'nav_date', 'market', 'start_date', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'nav_date', ranges: false },
  // The first funds were founded on this day.
  history_start: '19980327',
  // Most funds by the next morning; those abroad some days later.
  published: { at: '09:00', days_later: 1 },
  revisited_days: 14,
  expected: { rows: 'unknown', about: 20000, may_be_empty: true },
  key: ['ts_code', 'nav_date', 'ann_date', 'update_flag'],
  nullable_key: ['ann_date', 'update_flag'],
  versions: ['ann_date', 'update_flag'],
  indexes: [['nav_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('nav_date', 'Day of the net value'),
    required(double('unit_nav', 'Net value per unit', 'yuan')),
    double('accum_nav', 'Cumulative net value', 'yuan'),
    double('accum_div', 'Cumulative dividends', 'yuan'),
    double('net_asset', 'Net assets', 'yuan'),
    double('total_netasset', 'Net assets of all classes', 'yuan'),
    double('adj_nav', 'Adjusted net value per unit', 'yuan'),
    text('update_flag', '0 original, 1 updated'),
  ],
  needs: [],
} satisfies TableDataset;
