import { date, double, integer, type TableDataset, text } from '../dataset.ts';

/** Net inflow of concept boards, by THS. */
export default {
  name: 'moneyflow_cnt_ths',
  api_name: 'moneyflow_cnt_ths',
  group: 'flows',
  title: { zh: '同花顺概念板块资金流向（THS）', en: 'Money flow of concepts, THS' },
  doc_id: 371,
  points: 6000,
  row_cap: 5000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // TuShare names no time.
  published: { at: '18:00' },
  expected: { rows: 'unknown', about: 390 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Board'),
    text('name', 'Name of the board'),
    text('lead_stock', 'Name of the leading stock'),
    double('close_price', 'Latest price', 'yuan'),
    double('pct_change', 'Change of the board', 'percent'),
    double('industry_index', 'Index of the board', 'points'),
    integer('company_num', 'Members'),
    double('pct_change_stock', 'Change of the leading stock', 'percent'),
    double('net_buy_amount', 'Inflow', '100 million yuan'),
    double('net_sell_amount', 'Outflow', '100 million yuan'),
    double('net_amount', 'Net inflow', '100 million yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
