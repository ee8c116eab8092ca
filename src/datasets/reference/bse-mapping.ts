import { date, type TableDataset, text } from '../dataset.ts';

/** Old and new codes: the Beijing exchange gave all its stocks new ones. */
export default {
  name: 'bse_mapping',
  api_name: 'bse_mapping',
  group: 'reference',
  title: { zh: '北交所新旧代码对照表', en: 'New codes of the Beijing exchange' },
  doc_id: 375,
  points: 120,
  row_cap: 1000,
  inputs: ['o_code', 'n_code'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 250 },
  key: ['o_code', 'n_code'],
  fields: [
    text('name', 'Stock name'),
    text('o_code', 'Old code'),
    text('n_code', 'New code'),
    date('list_date', 'First day of listing'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
