import { type TableDataset, text } from '../dataset.ts';

/** Known hot-money traders and their seats. */
export default {
  name: 'hm_list',
  api_name: 'hm_list',
  group: 'leaderboards',
  title: { zh: '游资名录', en: 'Hot-money traders' },
  doc_id: 311,
  points: 5000,
  row_cap: 1000,
  inputs: ['name'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 300 },
  key: ['name'],
  fields: [text('name', 'Trader'), text('desc', 'Description'), text('orgs', 'Seats')],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
