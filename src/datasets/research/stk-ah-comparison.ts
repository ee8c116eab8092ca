import { date, double, type TableDataset, text } from '../dataset.ts';

/** Prices of companies with A and H shares. */
export default {
  name: 'stk_ah_comparison',
  api_name: 'stk_ah_comparison',
  group: 'research',
  title: { zh: 'AH股比价', en: 'Prices of A and H shares' },
  doc_id: 399,
  points: 5000,
  row_cap: 1000,
  inputs: ['hk_code', 'ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented; earlier days can't be had.
  history_start: '20250812',
  // Documented.
  published: { at: '17:00' },
  expected: { rows: 'unknown', about: 170, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('hk_code', 'Stock at the Hong Kong exchange'),
    text('ts_code', 'A share'),
    date('trade_date', 'Trading day'),
    text('hk_name', 'Name at the Hong Kong exchange'),
    double('hk_pct_chg', 'Change in Hong Kong', 'percent'),
    double('hk_close', 'Close in Hong Kong', 'HK dollars'),
    text('name', 'Name of the A share'),
    double('close', 'Close of the A share', 'yuan'),
    double('pct_chg', 'Change of the A share', 'percent'),
    double('ah_comparison', 'Price of A to H'),
    double('ah_premium', 'Premium of A over H', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
