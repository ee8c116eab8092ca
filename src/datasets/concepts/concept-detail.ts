import { date, type TableDataset, text } from '../dataset.ts';

/** Members of concept boards. No longer kept. */
export default {
  name: 'concept_detail',
  api_name: 'concept_detail',
  group: 'concepts',
  title: { zh: '概念股明细（已停止更新）', en: 'Members of concepts, retired' },
  doc_id: 126,
  points: 300,
  // Not documented.
  row_cap: 5000,
  inputs: ['id', 'ts_code'],
  fetch: { by: 'code', param: 'id', code_field: 'id', codes: { dataset: 'concept', field: 'code' } },
  expected: { rows: 'unknown', about: 60 },
  key: ['id', 'ts_code'],
  fields: [
    text('id', 'Concept'),
    text('concept_name', 'Name of the concept'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    date('in_date', 'Day of joining'),
    date('out_date', 'Day of leaving'),
  ],
  replaces_partition: true,
  needs: ['concept'],
  retired: {
    reason: 'TuShare answers it with errors since 2026',
    use: ['ths_member', 'dc_member'],
    answers: false,
  },
} satisfies TableDataset;
