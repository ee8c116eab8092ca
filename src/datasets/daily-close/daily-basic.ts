import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Valuation and turnover of each day. Ratios are null for companies with a loss. */
export default {
  name: 'daily_basic',
  api_name: 'daily_basic',
  group: 'daily_close',
  title: { zh: '每日指标', en: 'Daily valuation' },
  doc_id: 32,
  points: 2000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Takes a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // Documented for 15 to 17 h.
  published: { at: '17:00', late_until: '20:00' },
  // Suspended stocks have no row.
  expected: { rows: 'listed_stocks', complete_from: 0.8 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    required(double('close', 'Close', 'yuan')),
    double('turnover_rate', 'Turnover rate', 'percent'),
    double('turnover_rate_f', 'Turnover rate by free float', 'percent'),
    double('volume_ratio', 'Volume against the average of the five days before'),
    double('pe', 'Price to earnings; null for a loss'),
    double('pe_ttm', 'Price to earnings of the last twelve months; null for a loss'),
    double('pb', 'Price to book'),
    double('ps', 'Price to sales'),
    double('ps_ttm', 'Price to sales of the last twelve months'),
    double('dv_ratio', 'Dividend yield', 'percent'),
    double('dv_ttm', 'Dividend yield of the last twelve months', 'percent'),
    double('total_share', 'Total shares', '10,000 shares'),
    double('float_share', 'Floating shares', '10,000 shares'),
    double('free_share', 'Free-floating shares', '10,000 shares'),
    required(double('total_mv', 'Market value', '10,000 yuan')),
    double('circ_mv', 'Floating market value', '10,000 yuan'),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
