import { date, double, type TableDataset, text } from '../dataset.ts';

/** Units of ETFs and other listed funds. */
export default {
  name: 'fund_share',
  api_name: 'fund_share',
  group: 'funds',
  title: { zh: '基金规模数据', en: 'Units of listed funds' },
  doc_id: 207,
  points: 2000,
  row_cap: 2000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'market'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // The first listed funds.
  history_start: '19980407',
  // TuShare names no time.
  published: { at: '09:00', days_later: 1 },
  revisited_days: 3,
  expected: { rows: 'unknown', about: 1500, may_be_empty: true },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Fund'),
    date('trade_date', 'Day of the count'),
    double('fd_share', 'Units', '10,000 units'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
