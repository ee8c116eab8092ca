import { date, double, type TableDataset, text } from '../dataset.ts';

/** Bids and asks of each bank for Shibor. A year has more rows than the cap. */
export default {
  name: 'shibor_quote',
  api_name: 'shibor_quote',
  group: 'macro',
  title: { zh: 'Shibor报价数据', en: 'Shibor quotes' },
  doc_id: 150,
  points: 120,
  row_cap: 4000,
  inputs: ['date', 'start_date', 'end_date', 'bank'],
  fetch: { by: 'trade_date', date_field: 'date', ranges: true },
  // The first fixing.
  history_start: '20061008',
  // Fixed at 11:00.
  published: { at: '12:00' },
  expected: { rows: 'unknown', about: 18, may_be_empty: true },
  key: ['date', 'bank'],
  fields: [
    date('date', 'Day'),
    text('bank', 'Bank'),
    double('on_b', 'Overnight, bid', 'percent'),
    double('on_a', 'Overnight, ask', 'percent'),
    double('1w_b', '1 week, bid', 'percent'),
    double('1w_a', '1 week, ask', 'percent'),
    double('2w_b', '2 weeks, bid', 'percent'),
    double('2w_a', '2 weeks, ask', 'percent'),
    double('1m_b', '1 month, bid', 'percent'),
    double('1m_a', '1 month, ask', 'percent'),
    double('3m_b', '3 months, bid', 'percent'),
    double('3m_a', '3 months, ask', 'percent'),
    double('6m_b', '6 months, bid', 'percent'),
    double('6m_a', '6 months, ask', 'percent'),
    double('9m_b', '9 months, bid', 'percent'),
    double('9m_a', '9 months, ask', 'percent'),
    double('1y_b', '1 year, bid', 'percent'),
    double('1y_a', '1 year, ask', 'percent'),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
