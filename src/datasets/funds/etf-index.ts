import { date, double, type TableDataset, text } from '../dataset.ts';

/** Indices that ETFs follow. */
export default {
  name: 'etf_index',
  api_name: 'etf_index',
  group: 'funds',
  title: { zh: 'ETF基准指数列表', en: 'Benchmark indices of ETFs' },
  doc_id: 386,
  points: 8000,
  row_cap: 5000,
  inputs: ['ts_code', 'pub_date', 'base_date'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 1500 },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'Index'),
    text('indx_name', 'Full name of the index'),
    text('indx_csname', 'Short name of the index'),
    text('pub_party_name', 'Publisher'),
    date('pub_date', 'Day of publication'),
    date('base_date', 'Base day'),
    double('bp', 'Base points', 'points'),
    text('adj_circle', 'How often members are reviewed'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
