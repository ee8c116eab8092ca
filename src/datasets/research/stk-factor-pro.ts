import { date, double, type TableDataset, text } from '../dataset.ts';
import { factors } from '../factors.ts';

/**
 * Technical factors of stocks, unadjusted (bfq), adjusted to the latest price (qfq) and to the first (hfq). 11.6
 * MB a day.
 */
export default {
  name: 'stk_factor_pro',
  api_name: 'stk_factor_pro',
  group: 'research',
  title: { zh: '股票技术面因子(专业版)', en: 'Technical factors of stocks' },
  doc_id: 328,
  points: 5000,
  row_cap: 10000,
  calls_per_minute: 30,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Its kin take a code or a day: a range needs a code.
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: false },
  // TuShare names no time.
  published: { at: '20:00' },
  // Suspended stocks have no row.
  expected: { rows: 'listed_stocks', complete_from: 0.8 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    double('open', 'Open', 'yuan'),
    double('open_hfq', 'Open, adjusted to the first price', 'yuan'),
    double('open_qfq', 'Open, adjusted to the latest price', 'yuan'),
    double('high', 'High', 'yuan'),
    double('high_hfq', 'High, adjusted to the first price', 'yuan'),
    double('high_qfq', 'High, adjusted to the latest price', 'yuan'),
    double('low', 'Low', 'yuan'),
    double('low_hfq', 'Low, adjusted to the first price', 'yuan'),
    double('low_qfq', 'Low, adjusted to the latest price', 'yuan'),
    double('close', 'Close', 'yuan'),
    double('close_hfq', 'Close, adjusted to the first price', 'yuan'),
    double('close_qfq', 'Close, adjusted to the latest price', 'yuan'),
    double('pre_close', 'Close before', 'yuan'),
    double('change', 'Change', 'yuan'),
    double('pct_chg', 'Change', 'percent'),
    double('vol', 'Volume', 'lots of 100 shares'),
    double('amount', 'Turnover', 'thousand yuan'),
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
    double('total_mv', 'Market value', '10,000 yuan'),
    double('circ_mv', 'Floating market value', '10,000 yuan'),
    double('adj_factor', 'Adjustment factor'),
    ...factors('bfq', 'hfq', 'qfq'),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
