import { date, double, type TableDataset, text } from '../dataset.ts';

/** Forecasts of companies. A stock can publish several for one period. */
export default {
  name: 'forecast',
  api_name: 'forecast',
  group: 'financials',
  title: { zh: '业绩预告', en: 'Earnings forecasts' },
  doc_id: 45,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'ann_date', 'start_date', 'end_date', 'period', 'type'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
  },
  increments: [{ by: 'calendar_date', date_field: 'ann_date', ranges: false }],
  // The cap is not documented; every period is longer than one answer.
  vip: {
    api_name: 'forecast_vip',
    points: 5000,
    row_cap: 5000,
    fetch: { by: 'period', date_field: 'end_date', param: 'period' },
  },
  expected: { rows: 'unknown', about: 40, may_be_empty: true },
  key: ['ts_code', 'end_date', 'ann_date', 'type', 'update_flag'],
  nullable_key: ['ann_date', 'type', 'update_flag'],
  versions: ['ann_date', 'update_flag'],
  indexes: [['end_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Report period'),
    text('type', 'Kind: 预增, 预减, 扭亏, 首亏, 续亏, 续盈, 略增, 略减'),
    double('p_change_min', 'Least change of net profit', 'percent'),
    double('p_change_max', 'Greatest change of net profit', 'percent'),
    double('net_profit_min', 'Least net profit', '10,000 yuan'),
    double('net_profit_max', 'Greatest net profit', '10,000 yuan'),
    double('last_parent_net', 'Net profit attributable to the parent a year before', '10,000 yuan'),
    date('first_ann_date', 'Day of the first announcement'),
    text('summary', 'Summary'),
    text('change_reason', 'Reason of the change'),
    text('update_flag', '1 updated, 0 original'),
  ],
  needs: ['stock_basic'],
} satisfies TableDataset;
