import { date, type TableDataset, text } from '../dataset.ts';

/**
 * Former names of stocks. TuShare repeats rows, and has the same name both with and without its end: all members
 * make the key.
 */
export default {
  name: 'namechange',
  api_name: 'namechange',
  group: 'reference',
  title: { zh: '股票曾用名', en: 'Former names' },
  doc_id: 100,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  pageable: true,
  inputs: ['ts_code', 'start_date', 'end_date'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 20000 },
  key: ['ts_code', 'name', 'start_date', 'end_date', 'ann_date', 'change_reason'],
  nullable_key: ['end_date', 'ann_date', 'change_reason'],
  fields: [
    text('ts_code', 'TuShare code'),
    text('name', 'Name'),
    date('start_date', 'First day'),
    date('end_date', 'Last day'),
    date('ann_date', 'Day of the announcement'),
    text('change_reason', 'Reason of the change'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'deleted' },
  needs: [],
} satisfies TableDataset;
