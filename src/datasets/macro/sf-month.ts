import { double, type TableDataset, text } from '../dataset.ts';

/** Financing of the Chinese economy by month. */
export default {
  name: 'sf_month',
  api_name: 'sf_month',
  group: 'macro',
  title: { zh: '社融数据（月度）', en: 'China social financing' },
  doc_id: 310,
  points: 2000,
  row_cap: 2000,
  inputs: ['m', 'start_m', 'end_m'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 280 },
  key: ['month'],
  fields: [
    text('month', 'Month, YYYYMM'),
    double('inc_month', 'New financing of the month', '100 million yuan'),
    double('inc_cumval', 'New financing since the start of the year', '100 million yuan'),
    double('stk_endval', 'Financing outstanding at the end of the month', 'trillion yuan'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
