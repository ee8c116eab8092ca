import { date, double, type TableDataset, text } from '../dataset.ts';

/** At which costs the shares of a stock are held, day by day. */
export default {
  name: 'cyq_chips',
  api_name: 'cyq_chips',
  group: 'research',
  title: { zh: '每日筹码分布', en: 'Distribution of costs' },
  doc_id: 294,
  points: 5000,
  row_cap: 6000,
  pageable: true,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  required_inputs: ['ts_code'],
  // Some 160 prices a day.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
    window: { date_field: 'trade_date', rows_per_year: 40000 },
  },
  // Documented: 2018.
  history_start: '20180101',
  // Documented for 18 to 19 h.
  published: { at: '20:00' },
  expected: { rows: 'unknown', about: 40000, may_be_empty: true },
  key: ['ts_code', 'trade_date', 'price'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    date('trade_date', 'Trading day'),
    double('price', 'Cost', 'yuan'),
    double('percent', 'Share of the shares with this cost', 'percent'),
  ],
  needs: ['stock_basic'],
} satisfies TableDataset;
