import { type TableDataset, text } from '../dataset.ts';

/** Industries of SW, in the editions of 2014 and 2021. */
export default {
  name: 'index_classify',
  api_name: 'index_classify',
  group: 'index',
  title: { zh: '申万行业分类', en: 'SW industries' },
  doc_id: 181,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['index_code', 'level', 'parent_code', 'src'],
  fetch: { by: 'value', param: 'src', values: ['SW2014', 'SW2021'] },
  expected: { rows: 'unknown', about: 520 },
  key: ['index_code', 'src'],
  fields: [
    text('index_code', 'Index'),
    text('industry_name', 'Industry'),
    text('parent_code', 'Code of the parent'),
    text('level', 'Level of an industry'),
    text('industry_code', 'Industry code'),
    text('is_pub', '1 an index is published, 0 not'),
    text('src', 'Classification: SW2014 or SW2021'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
