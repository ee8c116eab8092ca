import { type TableDataset, text } from '../dataset.ts';

/** Concept boards. No longer kept. */
export default {
  name: 'concept',
  api_name: 'concept',
  group: 'concepts',
  title: { zh: '概念股分类（已停止更新）', en: 'Concepts, retired' },
  doc_id: 125,
  points: 300,
  // Not documented.
  row_cap: 5000,
  inputs: ['src'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 900 },
  key: ['code', 'src'],
  fields: [text('code', 'Concept'), text('name', 'Name of the concept'), text('src', 'Source')],
  needs: [],
  retired: {
    reason: 'TuShare answers it with errors since 2026',
    use: ['ths_index', 'dc_index'],
    answers: false,
  },
} satisfies TableDataset;
