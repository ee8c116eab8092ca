import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Boards of Eastmoney with their figures of the day. */
export default {
  name: 'dc_index',
  api_name: 'dc_index',
  group: 'concepts',
  title: { zh: '东方财富概念板块', en: 'Eastmoney boards of each day' },
  doc_id: 362,
  points: 6000,
  row_cap: 5000,
  inputs: ['ts_code', 'name', 'trade_date', 'start_date', 'end_date', 'idx_type'],
  required_inputs: ['idx_type'],
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: true,
    each: { idx_type: ['行业板块', '概念板块', '地域板块'] },
  },
  history_start: '20241220',
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 350 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Concept'),
    date('trade_date', 'Trading day'),
    text('name', 'Name of the concept'),
    text('leading', 'Name of the leading stock'),
    text('leading_code', 'Code of the leading stock'),
    double('pct_change', 'Change', 'percent'),
    double('leading_pct', 'Change of the leading stock', 'percent'),
    double('total_mv', 'Market value', '10,000 yuan'),
    double('turnover_rate', 'Turnover rate', 'percent'),
    integer('up_num', 'Members that rose'),
    integer('down_num', 'Members that fell'),
    text('idx_type', 'Kind: 行业板块 industry, 概念板块 concept, 地域板块 region'),
    text('level', 'Level of an industry'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
