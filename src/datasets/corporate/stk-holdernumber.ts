import { date, integer, required, type TableDataset, text } from '../dataset.ts';

/** How many holders a stock has. One day of count can be announced several times. */
export default {
  name: 'stk_holdernumber',
  api_name: 'stk_holdernumber',
  group: 'corporate',
  title: { zh: '股东人数', en: 'Number of holders' },
  doc_id: 166,
  points: 600,
  row_cap: 3000,
  inputs: ['ts_code', 'ann_date', 'enddate', 'start_date', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'ann_date', ranges: true },
  revisited_days: 5,
  expected: { rows: 'unknown', about: 60, may_be_empty: true },
  key: ['ts_code', 'end_date', 'ann_date'],
  indexes: [['ann_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Day of the count'),
    required(integer('holder_num', 'Holders')),
  ],
  needs: [],
} satisfies TableDataset;
