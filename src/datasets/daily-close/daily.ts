import { BAR_CHECKS } from '../checks.ts';
import { date, double, required, type TableDataset, text } from '../dataset.ts';

/** Daily bars, unadjusted. A suspended stock has no row; a few early rows have null prices or amounts. */
export default {
  name: 'daily',
  api_name: 'daily',
  group: 'daily_close',
  title: { zh: 'A股日线行情', en: 'Daily bars (unadjusted)' },
  doc_id: 27,
  points: 120,
  row_cap: 6000,
  calls_per_minute: 500,
  inputs: ['ts_code', 'trade_date', 'start_date', 'end_date'],
  // Documented to take several codes; how many is not. A call for groups of 60 days names a hundred.
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: true,
    codes: { param: 'ts_code', batch: 500 },
  },
  // Documented for 15 to 16 h, seen as late as 17 h on ordinary days and 20 h on bad ones.
  published: { at: '17:00', late_until: '20:00' },
  // Suspended stocks have no row: in 2019 the lowest day had 98.2 %, but whole years had 8 to 10 % suspended, and a
  // day that was cut off has far less (332 of 4,668 in a recorded answer). The crash of July 2015, with half of
  // the market suspended, shows as partial.
  expected: { rows: 'listed_stocks', complete_from: 0.8 },
  key: ['ts_code', 'trade_date'],
  indexes: [['trade_date']],
  checks: BAR_CHECKS,
  fields: [
    text('ts_code', 'TuShare code'),
    date('trade_date', 'Trading day'),
    required(double('open', 'Open', 'yuan')),
    required(double('high', 'High', 'yuan')),
    required(double('low', 'Low', 'yuan')),
    required(double('close', 'Close', 'yuan')),
    double('pre_close', 'Close before, adjusted for ex-dates', 'yuan'),
    double('change', 'Change', 'yuan'),
    double('pct_chg', 'Change against pre_close', 'percent'),
    required(double('vol', 'Volume', 'lots of 100 shares')),
    required(double('amount', 'Turnover', 'thousand yuan')),
  ],
  needs: ['trade_cal', 'stock_basic'],
} satisfies TableDataset;
