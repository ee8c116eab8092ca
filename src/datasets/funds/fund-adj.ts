import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Factors that make prices of listed funds comparable over ex-days. */
export default {
  name: 'fund_adj',
  api_name: 'fund_adj',
  group: 'funds',
  title: { zh: '基金复权因子', en: 'Adjustment factors of funds' },
  doc_id: 199,
  points: 600,
  row_cap: 2000,
  pageable: true,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'offset', 'limit'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // The first listed funds.
  history_start: '19980407',
  // TuShare names no time: as for stocks.
  published: { at: '17:00', late_until: '20:00' },
  expected: { rows: 'unknown', about: 1900 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Fund'),
    date('trade_date', 'Trading day'),
    required(double('adj_factor', 'Adjustment factor')),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
