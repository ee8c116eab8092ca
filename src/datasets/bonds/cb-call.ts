import { date, double, type TableDataset, text } from '../dataset.ts';

/** Redemptions of convertible bonds, announced, decided and refused. */
export default {
  name: 'cb_call',
  api_name: 'cb_call',
  group: 'bonds',
  title: { zh: '可转债赎回信息', en: 'Calls of convertible bonds' },
  doc_id: 269,
  points: 5000,
  row_cap: 2000,
  inputs: ['ts_code', 'ann_date', 'start_date', 'end_date'],
  fetch: { by: 'calendar_date', date_field: 'ann_date', ranges: true },
  revisited_days: 5,
  expected: { rows: 'unknown', about: 3, may_be_empty: true },
  key: ['ts_code', 'call_type', 'is_call', 'ann_date', 'call_date'],
  nullable_key: ['call_type', 'is_call', 'call_date'],
  fields: [
    text('ts_code', 'Bond'),
    text('call_type', 'Kind: 到赎 at maturity, 强赎 forced'),
    text('is_call', 'Stage: 已满足强赎条件, 公告提示强赎, 公告实施强赎, 公告到期赎回, 公告不强赎'),
    date('ann_date', 'Day of the announcement'),
    date('call_date', 'Day of redemption'),
    double('call_price', 'Redemption price, tax included', 'yuan a piece'),
    double('call_price_tax', 'Redemption price after tax', 'yuan a piece'),
    double('call_vol', 'Bonds redeemed', 'pieces'),
    double('call_amount', 'Amount redeemed', '10,000 yuan'),
    date('payment_date', 'Day of payment'),
    date('call_reg_date', 'Record day'),
  ],
  needs: [],
} satisfies TableDataset;
