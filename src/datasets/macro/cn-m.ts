import { double, type TableDataset, text } from '../dataset.ts';

/** Money supply of China by month. */
export default {
  name: 'cn_m',
  api_name: 'cn_m',
  group: 'macro',
  title: { zh: '货币供应量', en: 'China money supply' },
  doc_id: 242,
  points: 600,
  row_cap: 5000,
  inputs: ['m', 'start_m', 'end_m', 'fields'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 580 },
  key: ['month'],
  fields: [
    text('month', 'Month, YYYYMM'),
    double('m0', 'M0', '100 million yuan'),
    double('m0_yoy', 'M0 on the year before', 'percent'),
    double('m0_mom', 'M0 on the month before', 'percent'),
    double('m1', 'M1', '100 million yuan'),
    double('m1_yoy', 'M1 on the year before', 'percent'),
    double('m1_mom', 'M1 on the month before', 'percent'),
    double('m2', 'M2', '100 million yuan'),
    double('m2_yoy', 'M2 on the year before', 'percent'),
    double('m2_mom', 'M2 on the month before', 'percent'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
