import { date, double, type TableDataset, text } from '../dataset.ts';

/** Shares and price limits of the day, before the market opens. */
export default {
  name: 'stk_premarket',
  api_name: 'stk_premarket',
  group: 'reference',
  title: { zh: '股本情况（盘前）', en: 'Share capital before the open' },
  doc_id: 329,
  permission: 'separate',
  row_cap: 8000,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  // Documented: every day before the open.
  published: { at: '09:25' },
  expected: { rows: 'unknown', about: 5400 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  fields: [
    date('trade_date', 'Trading day'),
    text('ts_code', 'TuShare code'),
    double('total_share', 'Total shares', '10,000 shares'),
    double('float_share', 'Floating shares', '10,000 shares'),
    double('pre_close', 'Close before', 'yuan'),
    double('up_limit', 'Upper price limit of the day', 'yuan'),
    double('down_limit', 'Lower price limit of the day', 'yuan'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
