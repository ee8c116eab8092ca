import { date, double, type TableDataset, text } from '../dataset.ts';

/** Units and size of ETFs. They come in parts; those with assets abroad later. */
export default {
  name: 'etf_share_size',
  api_name: 'etf_share_size',
  group: 'funds',
  title: { zh: 'ETF份额规模', en: 'Units and size of ETFs' },
  doc_id: 408,
  points: 8000,
  row_cap: 5000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date', 'exchange'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // The first ETF.
  history_start: '20050223',
  // Documented: after 19:00.
  published: { at: '19:30' },
  revisited_days: 3,
  expected: { rows: 'unknown', about: 1600 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'ETF'),
    text('etf_name', 'Name of the fund'),
    double('total_share', 'Units', '10,000 units'),
    double('total_size', 'Value of all units', '10,000 yuan'),
    double('nav', 'Net value per unit', 'yuan'),
    double('close', 'Close', 'yuan'),
    text('exchange', 'SSE, SZSE or BSE'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
