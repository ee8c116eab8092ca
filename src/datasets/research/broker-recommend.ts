import { type TableDataset, text } from '../dataset.ts';

/** Stocks that brokers recommend for a month, published in its first days. */
export default {
  name: 'broker_recommend',
  api_name: 'broker_recommend',
  group: 'research',
  title: { zh: '券商每月荐股', en: 'Monthly picks of brokers' },
  doc_id: 267,
  points: 6000,
  row_cap: 1000,
  inputs: ['month'],
  required_inputs: ['month'],
  fetch: { by: 'month', date_field: 'month', param: 'month' },
  // The documentation names no start.
  history_start: '20200101',
  revisited_days: 31,
  expected: { rows: 'unknown', about: 400, may_be_empty: true },
  key: ['month', 'broker', 'ts_code'],
  fields: [
    text('month', 'Month, YYYYMM'),
    text('broker', 'Broker'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
  ],
  needs: [],
} satisfies TableDataset;
