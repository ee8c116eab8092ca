import { date, double, type TableDataset, text } from '../dataset.ts';

/** The list of ETFs, QDII too. */
export default {
  name: 'etf_basic',
  api_name: 'etf_basic',
  group: 'funds',
  title: { zh: 'ETF基础信息', en: 'ETFs' },
  doc_id: 385,
  points: 8000,
  row_cap: 5000,
  inputs: ['ts_code', 'index_code', 'list_date', 'list_status', 'exchange', 'mgr'],
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 1800 },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'Fund'),
    text('csname', 'Short name'),
    text('extname', 'Short name at the exchange'),
    text('cname', 'Full name'),
    text('index_code', 'Benchmark index'),
    text('index_name', 'Full name of the benchmark index'),
    date('setup_date', 'Day of foundation'),
    date('list_date', 'First day of listing'),
    text('list_status', 'L listed, D delisted, P not yet listed'),
    text('exchange', 'SH or SZ'),
    text('mgr_name', 'Manager'),
    text('custod_name', 'Custodian'),
    double('mgt_fee', 'Management fee', 'percent a year'),
    text('etf_type', '境内 domestic or QDII'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
