import { date, required, type TableDataset, text } from '../dataset.ts';

/** The list of stocks. TuShare answers only the listed ones unless each status is asked for (#927 #1086). */
export default {
  name: 'stock_basic',
  api_name: 'stock_basic',
  group: 'reference',
  title: { zh: '股票列表', en: 'Stock list' },
  doc_id: 25,
  points: 2000,
  row_cap: 6000,
  calls_per_minute: 50,
  inputs: ['ts_code', 'name', 'market', 'list_status', 'exchange', 'is_hs'],
  fetch: { by: 'value', param: 'list_status', values: ['L', 'D', 'P', 'G'] },
  expected: { rows: 'unknown', about: 5500, may_be_empty: true },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'TuShare code; delisted ones need not have six digits'),
    text('symbol', 'Code without exchange'),
    required(text('name', 'Name')),
    text('area', 'Region'),
    text('industry', 'Industry'),
    text('fullname', 'Full name'),
    text('enname', 'English name'),
    text('cnspell', 'Pinyin initials'),
    text('market', 'Market: 主板, 创业板, 科创板, CDR, 北交所'),
    text('exchange', 'SSE, SZSE or BSE'),
    text('curr_type', 'Currency'),
    text('list_status', 'L listed, D delisted, P suspended, G approved but not yet trading'),
    required(date('list_date', 'First day of listing')),
    date('delist_date', 'Day of delisting'),
    text('is_hs', 'Stock Connect: N no, H Shanghai, S Shenzhen'),
    text('act_name', 'Actual controller'),
    text('act_ent_type', 'Kind of the actual controller'),
  ],
  // 242 of 5,600 codes (4.3 %) were renamed in one day (2025-10-08); an owner once stored an empty file (2024-08-18).
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
