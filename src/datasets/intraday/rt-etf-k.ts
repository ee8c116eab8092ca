import { double, integer, type TableDataset, text } from '../dataset.ts';

/**
 * The bar of the day as it stands, for named ETFs; `5*.SH` names many. Those of Shanghai need topic HQ_FND_TICK.
 */
export default {
  name: 'rt_etf_k',
  api_name: 'rt_etf_k',
  group: 'intraday',
  title: { zh: 'ETF实时日线', en: 'Present bars of ETFs' },
  doc_id: 400,
  permission: 'separate',
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'topic'],
  required_inputs: ['ts_code', 'topic'],
  fetch: { by: 'request', wants: ['ts_code', 'topic'] },
  expected: { rows: 'unknown', about: 1600 },
  key: ['ts_code', 'trade_time'],
  nullable_key: ['trade_time'],
  fields: [
    text('ts_code', 'ETF'),
    text('name', 'Name of the ETF'),
    double('pre_close', 'Close before', 'yuan'),
    double('high', 'High', 'yuan'),
    double('open', 'Open', 'yuan'),
    double('low', 'Low', 'yuan'),
    double('close', 'Latest price', 'yuan'),
    double('vol', 'Volume', 'shares'),
    double('amount', 'Turnover', 'yuan'),
    integer('num', 'Trades since the open', 'trades'),
    double('ask_volume1', 'Offered at the best ask', 'shares'),
    double('bid_volume1', 'Wanted at the best bid', 'shares'),
    text('trade_time', 'Time of the trade'),
  ],
  needs: [],
} satisfies TableDataset;
