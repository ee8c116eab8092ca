import { date, double, required, type TableDataset, text } from './dataset.ts';

/** Daily bars, unadjusted. A suspended stock has no row; a few early rows have null prices or amounts. */
export const daily: TableDataset = {
  name: 'daily',
  api_name: 'daily',
  title: { zh: 'A股日线行情', en: 'Daily bars (unadjusted)' },
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    required(double('open', 'Open, yuan')),
    required(double('high', 'High, yuan')),
    required(double('low', 'Low, yuan')),
    required(double('close', 'Close, yuan')),
    double('pre_close', 'Close before, adjusted for ex-dates, yuan'),
    double('change', 'Change, yuan'),
    double('pct_chg', 'Change against pre_close, percent'),
    required(double('vol', 'Volume, lots of 100 shares')),
    required(double('amount', 'Turnover, thousand yuan')),
  ],
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  row_cap: 6000,
  calls_per_minute: 500,
  // Documented for 15 to 16 h, seen as late as 17 h on ordinary days.
  fetch: { by: 'trade_date', date_field: 'trade_date', published_at: '17:00' },
  needs: ['trade_cal', 'stock_basic'],
  modes: ['history', 'backfill'],
};
