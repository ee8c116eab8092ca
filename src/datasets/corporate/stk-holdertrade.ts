import { date, double, type TableDataset, text } from '../dataset.ts';

/**
 * Large holders who bought or sold. No key is documented: what tells trades apart makes it, and a day is
 * replaced as a whole.
 */
export default {
  name: 'stk_holdertrade',
  api_name: 'stk_holdertrade',
  group: 'corporate',
  title: { zh: '股东增减持', en: 'Trades of holders' },
  doc_id: 175,
  points: 2000,
  row_cap: 3000,
  inputs: ['ts_code', 'ann_date', 'start_date', 'end_date', 'trade_type', 'holder_type'],
  fetch: { by: 'calendar_date', date_field: 'ann_date', ranges: true },
  revisited_days: 5,
  expected: { rows: 'unknown', about: 40, may_be_empty: true },
  key: [
    'ts_code',
    'ann_date',
    'holder_name',
    'in_de',
    'change_vol',
    'after_share',
    'avg_price',
    'begin_date',
    'close_date',
  ],
  nullable_key: ['holder_name', 'change_vol', 'after_share', 'avg_price', 'begin_date', 'close_date'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    text('holder_name', 'Holder'),
    text('holder_type', 'G manager, P person, C company'),
    text('in_de', 'IN bought, DE sold'),
    double('change_vol', 'Shares bought or sold', 'shares'),
    double('change_ratio', 'Share of floating shares', 'percent'),
    double('after_share', 'Shares held after it', 'shares'),
    double('after_ratio', 'Share of floating shares after it', 'percent'),
    double('avg_price', 'Average price', 'yuan'),
    double('total_share', 'Shares held', 'shares'),
    date('begin_date', 'First day of the trades'),
    date('close_date', 'Last day of the trades'),
  ],
  replaces_partition: true,
  needs: [],
} satisfies TableDataset;
