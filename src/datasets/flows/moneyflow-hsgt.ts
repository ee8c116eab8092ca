import { asText, date, double, required, type TableDataset } from '../dataset.ts';

/** Money through Stock Connect, both ways. Days on which Hong Kong is closed have no row. */
export default {
  name: 'moneyflow_hsgt',
  api_name: 'moneyflow_hsgt',
  group: 'flows',
  title: { zh: '沪深港通资金流向', en: 'Stock Connect flows' },
  doc_id: 47,
  points: 2000,
  row_cap: 300,
  inputs: ['trade_date', 'start_date', 'end_date'],
  fetch: { by: 'trade_date', date_field: 'trade_date', ranges: true },
  history_start: '20141117',
  published: { at: '20:00' },
  expected: { rows: 1, may_be_empty: true },
  key: ['trade_date'],
  fields: [
    date('trade_date', 'Trading day'),
    // Numbers arrive as texts in some versions of TuShare.
    asText(double('ggt_ss', 'Southbound through Shanghai', 'million yuan')),
    asText(double('ggt_sz', 'Southbound through Shenzhen', 'million yuan')),
    asText(double('hgt', 'Northbound through Shanghai', 'million yuan')),
    asText(double('sgt', 'Northbound through Shenzhen', 'million yuan')),
    required(asText(double('north_money', 'Northbound', 'million yuan'))),
    required(asText(double('south_money', 'Southbound', 'million yuan'))),
  ],
  needs: ['trade_cal'],
} satisfies TableDataset;
