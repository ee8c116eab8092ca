import { date, type TableDataset, text } from '../dataset.ts';

/** Visits of institutions to companies. A day can have more rows than the cap. */
export default {
  name: 'stk_surv',
  api_name: 'stk_surv',
  group: 'research',
  title: { zh: '机构调研表', en: 'Visits of institutions' },
  doc_id: 275,
  points: 5000,
  row_cap: 100,
  pageable: true,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'surv_date', param: 'trade_date', ranges: true },
  // Announced days after the visit.
  revisited_days: 14,
  expected: { rows: 'unknown', about: 300, may_be_empty: true },
  key: ['ts_code', 'surv_date', 'rece_org', 'fund_visitors'],
  nullable_key: ['rece_org', 'fund_visitors'],
  fields: [
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    date('surv_date', 'Day of the visit'),
    text('fund_visitors', 'Visitors'),
    text('rece_place', 'Place'),
    text('rece_mode', 'Way of the meeting'),
    text('rece_org', 'Company of the visitors'),
    text('org_type', 'Kind of that company'),
    text('comp_rece', 'Hosts'),
    text('content', 'Content'),
  ],
  replaces_partition: true,
  needs: [],
} satisfies TableDataset;
