import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Boards of TDX with their figures of the day. */
export default {
  name: 'tdx_index',
  api_name: 'tdx_index',
  group: 'concepts',
  title: { zh: '通达信板块信息', en: 'TDX boards of each day' },
  doc_id: 376,
  points: 6000,
  row_cap: 1000,
  inputs: ['ts_code', 'trade_date', 'idx_type'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 480 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Board'),
    date('trade_date', 'Trading day'),
    text('name', 'Name of the board'),
    text('idx_type', 'Kind of board'),
    integer('idx_count', 'Members'),
    double('total_share', 'Total shares', '100 million shares'),
    double('float_share', 'Floating shares', '100 million shares'),
    double('total_mv', 'Market value', '100 million yuan'),
    double('float_mv', 'Floating market value', '100 million yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
