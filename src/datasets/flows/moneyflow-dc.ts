import { date, double, type TableDataset, text } from '../dataset.ts';

/** Net inflow by size of orders, by Eastmoney. */
export default {
  name: 'moneyflow_dc',
  api_name: 'moneyflow_dc',
  group: 'flows',
  title: { zh: '个股资金流向（DC）', en: 'Money flow of stocks, Eastmoney' },
  doc_id: 349,
  points: 5000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  history_start: '20230911',
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 5300 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    double('pct_change', 'Change', 'percent'),
    double('close', 'Latest price', 'yuan'),
    double('net_amount', 'Net inflow of large and extra-large orders', '10,000 yuan'),
    double('net_amount_rate', 'Share of that net inflow in turnover', 'percent'),
    double('buy_elg_amount', 'Net inflow of extra-large orders', '10,000 yuan'),
    double('buy_elg_amount_rate', 'Share of the extra-large net inflow in turnover', 'percent'),
    double('buy_lg_amount', 'Net inflow of large orders', '10,000 yuan'),
    double('buy_lg_amount_rate', 'Share of the large net inflow in turnover', 'percent'),
    double('buy_md_amount', 'Net inflow of medium orders', '10,000 yuan'),
    double('buy_md_amount_rate', 'Share of the medium net inflow in turnover', 'percent'),
    double('buy_sm_amount', 'Net inflow of small orders', '10,000 yuan'),
    double('buy_sm_amount_rate', 'Share of the small net inflow in turnover', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
