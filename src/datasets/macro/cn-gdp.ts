import { double, type TableDataset, text } from '../dataset.ts';

/** GDP of China by quarter, restated backwards. */
export default {
  name: 'cn_gdp',
  api_name: 'cn_gdp',
  group: 'macro',
  title: { zh: 'GDP数据', en: 'China GDP' },
  doc_id: 227,
  points: 600,
  row_cap: 10000,
  inputs: ['q', 'start_q', 'end_q', 'fields'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 140 },
  key: ['quarter'],
  fields: [
    text('quarter', 'Quarter, 2019Q1'),
    double('gdp', 'GDP, cumulative', '100 million yuan'),
    double('gdp_yoy', 'GDP growth on the year before', 'percent'),
    double('pi', 'Primary industry, cumulative', '100 million yuan'),
    double('pi_yoy', 'Primary industry, growth on the year before', 'percent'),
    double('si', 'Secondary industry, cumulative', '100 million yuan'),
    double('si_yoy', 'Secondary industry, growth on the year before', 'percent'),
    double('ti', 'Tertiary industry, cumulative', '100 million yuan'),
    double('ti_yoy', 'Tertiary industry, growth on the year before', 'percent'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
