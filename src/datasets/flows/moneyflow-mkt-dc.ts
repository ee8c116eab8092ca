import { date, double, type TableDataset } from '../dataset.ts';

/** Net inflow of the whole market, by Eastmoney. */
export default {
  name: 'moneyflow_mkt_dc',
  api_name: 'moneyflow_mkt_dc',
  group: 'flows',
  title: { zh: '大盘资金流向（DC）', en: 'Money flow of the market, Eastmoney' },
  doc_id: 345,
  points: 6000,
  row_cap: 3000,
  inputs: ['trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 1 },
  key: ['trade_date'],
  fields: [
    date('trade_date', 'Trading day'),
    double('close_sh', 'Close of the Shanghai index', 'points'),
    double('pct_change_sh', 'Change of the Shanghai index', 'percent'),
    double('close_sz', 'Close of the Shenzhen index', 'points'),
    double('pct_change_sz', 'Change of the Shenzhen index', 'percent'),
    double('net_amount', 'Net inflow of large and extra-large orders', 'yuan'),
    double('net_amount_rate', 'Share of that net inflow in turnover', 'percent'),
    double('buy_elg_amount', 'Net inflow of extra-large orders', 'yuan'),
    double('buy_elg_amount_rate', 'Share of the extra-large net inflow in turnover', 'percent'),
    double('buy_lg_amount', 'Net inflow of large orders', 'yuan'),
    double('buy_lg_amount_rate', 'Share of the large net inflow in turnover', 'percent'),
    double('buy_md_amount', 'Net inflow of medium orders', 'yuan'),
    double('buy_md_amount_rate', 'Share of the medium net inflow in turnover', 'percent'),
    double('buy_sm_amount', 'Net inflow of small orders', 'yuan'),
    double('buy_sm_amount_rate', 'Share of the small net inflow in turnover', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
