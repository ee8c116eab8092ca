import { date, required, type TableDataset, text } from '../dataset.ts';

/**
 * When companies plan to publish, and when they did. A period has more rows than the cap; rows change until the
 * report is out.
 */
export default {
  name: 'disclosure_date',
  api_name: 'disclosure_date',
  group: 'financials',
  title: { zh: '财报披露计划', en: 'Report disclosure dates' },
  doc_id: 162,
  points: 500,
  row_cap: 3000,
  inputs: ['ts_code', 'end_date', 'pre_date', 'ann_date', 'actual_date'],
  fetch: { by: 'period', date_field: 'end_date', param: 'end_date' },
  // From the plan to the last report of a period.
  revisited_days: 150,
  expected: { rows: 'unknown', about: 5400 },
  key: ['ts_code', 'end_date'],
  indexes: [['actual_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the latest announcement'),
    date('end_date', 'Report period'),
    required(date('pre_date', 'Planned day of disclosure')),
    required(date('actual_date', 'Actual day of disclosure')),
    text('modify_date', 'Earlier planned days'),
  ],
  needs: [],
} satisfies TableDataset;
