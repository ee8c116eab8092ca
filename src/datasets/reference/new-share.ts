import { date, double, type TableDataset, text } from '../dataset.ts';

/** New issues. Days of subscription are known ahead. */
export default {
  name: 'new_share',
  api_name: 'new_share',
  group: 'reference',
  title: { zh: 'IPO新股列表', en: 'IPOs' },
  doc_id: 123,
  points: 120,
  row_cap: 2000,
  inputs: ['start_date', 'end_date'],
  fetch: { by: 'year', date_field: 'ipo_date', until: 'next_year' },
  // The documentation names no start.
  history_start: '20080101',
  expected: { rows: 'unknown', about: 250 },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'TuShare code'),
    text('sub_code', 'Subscription code'),
    text('name', 'Name'),
    date('ipo_date', 'Day of the online issue'),
    date('issue_date', 'First day of listing'),
    double('amount', 'Shares issued', '10,000 shares'),
    double('market_amount', 'Shares issued online', '10,000 shares'),
    double('price', 'Issue price', 'yuan'),
    double('pe', 'Price to earnings'),
    double('limit_amount', 'Most shares one person may subscribe for', '10,000 shares'),
    double('funds', 'Funds raised', '100 million yuan'),
    double('ballot', 'Share of subscriptions that were drawn', 'percent'),
  ],
  needs: [],
} satisfies TableDataset;
