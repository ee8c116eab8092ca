import { double, type TableDataset, text } from '../dataset.ts';

/**
 * Southbound turnover of the month. Amounts are documented in 100 million yuan; the recorded ones are in 10,000
 * yuan.
 */
export default {
  name: 'ggt_monthly',
  api_name: 'ggt_monthly',
  group: 'flows',
  title: { zh: '港股通每月成交统计', en: 'Southbound turnover by month' },
  doc_id: 197,
  points: 1000,
  row_cap: 1000,
  inputs: ['month', 'start_month', 'end_month'],
  fetch: { by: 'month', date_field: 'month', param: 'month' },
  market: 'HK',
  history_start: '20141101',
  expected: { rows: 1 },
  key: ['month'],
  fields: [
    text('month', 'Trading day'),
    double('day_buy_amt', 'Bought, daily average', '10,000 yuan'),
    double('day_buy_vol', 'Trades that bought, daily average'),
    double('day_sell_amt', 'Sold, daily average', '10,000 yuan'),
    double('day_sell_vol', 'Trades that sold, daily average'),
    double('total_buy_amt', 'Bought in the month', '10,000 yuan'),
    double('total_buy_vol', 'Trades that bought in the month'),
    double('total_sell_amt', 'Sold in the month', '10,000 yuan'),
    double('total_sell_vol', 'Trades that sold in the month'),
    text('cat_id', 'Not documented'),
  ],
  needs: [],
  retired: { reason: 'TuShare knew its name no longer in 2026-07', use: ['ggt_daily'], answers: false },
} satisfies TableDataset;
