import { date, type TableDataset, text } from '../dataset.ts';

/** Shares held in CCASS by each participant. A day of all stocks is more than offsets reach (100,000). */
export default {
  name: 'ccass_hold_detail',
  api_name: 'ccass_hold_detail',
  group: 'flows',
  title: { zh: '中央结算系统持股明细', en: 'CCASS holdings by participant' },
  doc_id: 274,
  points: 8000,
  row_cap: 6000,
  calls_per_minute: 300,
  pageable: true,
  inputs: ['ts_code', 'hk_code', 'trade_date', 'start_date', 'end_date'],
  // Some 120 participants a stock and day.
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'ccass_hold', field: 'ts_code' },
    window: { date_field: 'trade_date', rows_per_year: 30000 },
  },
  market: 'HK',
  // Documented: the next trading day before 9:00.
  published: { at: '09:00', days_later: 1 },
  expected: { rows: 'unknown', about: 60000, may_be_empty: true },
  key: ['ts_code', 'trade_date', 'col_participant_id'],
  nullable_key: ['col_participant_id'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'Stock code'),
    text('name', 'Stock name'),
    text('col_participant_id', 'Participant'),
    text('col_participant_name', 'Name of the participant'),
    text('col_shareholding', 'Shares held'),
    text('col_shareholding_percent', 'Share of the issued shares'),
  ],
  needs: ['ccass_hold'],
} satisfies TableDataset;
