import { double, type TableDataset, text, timestamp } from '../dataset.ts';

/** The nine-turn indicator, on daily bars. */
export default {
  name: 'stk_nineturn',
  api_name: 'stk_nineturn',
  group: 'research',
  title: { zh: '神奇九转指标', en: 'Nine-turn indicator' },
  doc_id: 364,
  points: 6000,
  row_cap: 10000,
  inputs: ['ts_code', 'trade_date', 'freq', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true, params: { freq: 'daily' } },
  // Documented.
  history_start: '20230101',
  // TuShare names no time.
  published: { at: '21:00' },
  expected: { rows: 'unknown', about: 5300 },
  key: ['ts_code', 'trade_date', 'freq'],
  indexes: [['trade_date']],
  fields: [
    text('ts_code', 'Stock code'),
    timestamp('trade_date', 'Trading day'),
    text('freq', 'daily'),
    double('open', 'Open', 'yuan'),
    double('high', 'High', 'yuan'),
    double('low', 'Low', 'yuan'),
    double('close', 'Close', 'yuan'),
    double('vol', 'Volume'),
    double('amount', 'Turnover'),
    double('up_count', 'Count upwards'),
    double('down_count', 'Count downwards'),
    text('nine_up_turn', '+9: nine turns upwards'),
    text('nine_down_turn', '-9: nine turns downwards'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
