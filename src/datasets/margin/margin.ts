import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Margin loans and short sales by exchange. */
export default {
  name: 'margin',
  api_name: 'margin',
  group: 'margin',
  title: { zh: '融资融券交易汇总', en: 'Margin trading by exchange' },
  doc_id: 58,
  points: 2000,
  row_cap: 4000,
  inputs: ['trade_date', 'start_date', 'end_date', 'exchange_id'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Margin trading began on this day.
  history_start: '20100331',
  // About 9:00 on the next trading day.
  published: { at: '09:30', days_later: 1 },
  expected: { rows: 'unknown', about: 3 },
  key: ['trade_date', 'exchange_id'],
  fields: [
    date('trade_date', 'Trading day'),
    text('exchange_id', 'SSE, SZSE or BSE'),
    double('rzye', 'Margin loans outstanding', 'yuan'),
    double('rzmre', 'Bought on margin', 'yuan'),
    double('rzche', 'Margin loans repaid', 'yuan'),
    double('rqye', 'Value sold short and outstanding', 'yuan'),
    double('rqmcl', 'Sold short', 'shares, units or lots'),
    required(double('rzrqye', 'Margin loans and short value outstanding', 'yuan')),
    double('rqyl', 'Sold short and outstanding', 'shares, units or lots'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
