import { double, type TableDataset, text } from '../dataset.ts';

/** Consumer prices of China by month. */
export default {
  name: 'cn_cpi',
  api_name: 'cn_cpi',
  group: 'macro',
  title: { zh: '居民消费价格指数', en: 'China CPI' },
  doc_id: 228,
  points: 600,
  row_cap: 5000,
  inputs: ['m', 'start_m', 'end_m'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 500 },
  key: ['month'],
  fields: [
    text('month', 'Month, YYYYMM'),
    double('nt_val', 'Whole country, index of the month'),
    double('nt_yoy', 'Whole country, on the year before', 'percent'),
    double('nt_mom', 'Whole country, on the month before', 'percent'),
    double('nt_accu', 'Whole country, cumulative'),
    double('town_val', 'Cities, index of the month'),
    double('town_yoy', 'Cities, on the year before', 'percent'),
    double('town_mom', 'Cities, on the month before', 'percent'),
    double('town_accu', 'Cities, cumulative'),
    double('cnt_val', 'Countryside, index of the month'),
    double('cnt_yoy', 'Countryside, on the year before', 'percent'),
    double('cnt_mom', 'Countryside, on the month before', 'percent'),
    double('cnt_accu', 'Countryside, cumulative'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
