import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Margin loans and short sales by security. */
export default {
  name: 'margin_detail',
  api_name: 'margin_detail',
  group: 'margin',
  title: { zh: '融资融券交易明细', en: 'Margin trading by security' },
  doc_id: 59,
  points: 2000,
  row_cap: 6000,
  inputs: ['trade_date', 'ts_code', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Margin trading began on this day.
  history_start: '20100331',
  // About 9:00 on the next trading day.
  published: { at: '09:30', days_later: 1 },
  // It began with 90 stocks.
  expected: { rows: 'unknown', about: 4300, about_at_start: 90 },
  key: ['trade_date', 'ts_code'],
  indexes: [['ts_code']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'TuShare code'),
    text('name', 'Stock name, filled from 2019-09-10'),
    double('rzye', 'Margin loans outstanding', 'yuan'),
    double('rqye', 'Value sold short and outstanding', 'yuan'),
    double('rzmre', 'Bought on margin', 'yuan'),
    double('rqyl', 'Sold short and outstanding', 'shares'),
    double('rzche', 'Margin loans repaid', 'yuan'),
    double('rqchl', 'Short sales returned', 'shares'),
    double('rqmcl', 'Sold short', 'shares, units or lots'),
    required(double('rzrqye', 'Margin loans and short value outstanding', 'yuan')),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
