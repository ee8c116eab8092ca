import { date, type TableDataset, text } from '../dataset.ts';

/** Stocks put under special treatment or freed of it. st_tpye is TuShare's own spelling. */
export default {
  name: 'st',
  api_name: 'st',
  group: 'reference',
  title: { zh: 'ST风险警示板股票', en: 'Risk warnings (ST)' },
  doc_id: 423,
  points: 6000,
  row_cap: 1000,
  inputs: ['ts_code', 'pub_date', 'imp_date'],
  // About 3,000 rows in all, more than the cap: the rest comes by pages.
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 3000 },
  key: ['ts_code', 'pub_date', 'imp_date', 'st_tpye'],
  nullable_key: ['imp_date', 'st_tpye'],
  fields: [
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    date('pub_date', 'Day of publication'),
    date('imp_date', 'Day it takes effect'),
    text('st_tpye', 'Kind'),
    text('st_reason', 'Reason'),
    text('st_explain', 'Reason in detail'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
