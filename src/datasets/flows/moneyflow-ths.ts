import { date, double, type TableDataset, text } from '../dataset.ts';

/** Net inflow by size of orders, by THS. */
export default {
  name: 'moneyflow_ths',
  api_name: 'moneyflow_ths',
  group: 'flows',
  title: { zh: '个股资金流向（THS）', en: 'Money flow of stocks, THS' },
  doc_id: 348,
  points: 6000,
  row_cap: 6000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
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
    double('latest', 'Latest price', 'yuan'),
    double('net_amount', 'Net inflow', '10,000 yuan'),
    double('net_d5_amount', 'Net inflow of large orders over 5 days', '10,000 yuan'),
    double('buy_lg_amount', 'Net inflow of large orders', '10,000 yuan'),
    double('buy_lg_amount_rate', 'Share of the large net inflow in turnover', 'percent'),
    double('buy_md_amount', 'Net inflow of medium orders', '10,000 yuan'),
    double('buy_md_amount_rate', 'Share of the medium net inflow in turnover', 'percent'),
    double('buy_sm_amount', 'Net inflow of small orders', '10,000 yuan'),
    double('buy_sm_amount_rate', 'Share of the small net inflow in turnover', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
