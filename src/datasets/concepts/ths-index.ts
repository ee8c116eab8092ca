import { date, integer, required, type TableDataset, text } from '../dataset.ts';

/** Boards of THS: concepts, industries, regions and others. */
export default {
  name: 'ths_index',
  api_name: 'ths_index',
  group: 'concepts',
  title: { zh: '同花顺概念和行业指数', en: 'THS boards' },
  doc_id: 259,
  points: 6000,
  row_cap: 5000,
  inputs: ['ts_code', 'exchange', 'type'],
  // Documented: everything in one call.
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 1750 },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'Code'),
    required(text('name', 'Name')),
    integer('count', 'Members'),
    text('exchange', 'Exchange'),
    date('list_date', 'First day of listing'),
    text('type', 'Kind: N concept, I industry, R region, S special, ST style, TH theme, BB broad'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
