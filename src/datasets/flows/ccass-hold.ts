import { date, type TableDataset, text } from '../dataset.ts';

/** Shares held in CCASS, the Hong Kong clearing system. */
export default {
  name: 'ccass_hold',
  api_name: 'ccass_hold',
  group: 'flows',
  title: { zh: '中央结算系统持股汇总', en: 'CCASS holdings' },
  doc_id: 295,
  points: 5000,
  row_cap: 5000,
  calls_per_minute: 300,
  pageable: true,
  inputs: ['ts_code', 'hk_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  market: 'HK',
  // Documented: the next trading day before 9:00.
  published: { at: '09:00', days_later: 1 },
  expected: { rows: 'unknown', about: 3500, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    text('shareholding', 'Shares held in CCASS'),
    text('hold_nums', 'Participants'),
    text('hold_ratio', 'Share of the A shares listed'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
