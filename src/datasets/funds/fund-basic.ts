import { date, double, required, type TableDataset, text } from '../dataset.ts';

/**
 * The list of funds. Only those on exchange come unless both markets are asked for; those off exchange are more
 * than the cap.
 */
export default {
  name: 'fund_basic',
  api_name: 'fund_basic',
  group: 'funds',
  title: { zh: '公募基金列表', en: 'Funds' },
  doc_id: 19,
  points: 2000,
  row_cap: 15000,
  pageable: true,
  inputs: ['ts_code', 'market', 'status'],
  fetch: { by: 'value', param: 'market', values: ['E', 'O'], each: { status: ['D', 'I', 'L'] } },
  expected: { rows: 'unknown', about: 15000, may_be_empty: true },
  key: ['ts_code'],
  fields: [
    text('ts_code', 'Fund'),
    required(text('name', 'Short name')),
    text('management', 'Manager'),
    text('custodian', 'Custodian'),
    text('fund_type', 'Kind of investment'),
    date('found_date', 'Day of foundation'),
    date('due_date', 'Day of maturity'),
    date('list_date', 'First day of listing'),
    date('issue_date', 'Day of issue'),
    date('delist_date', 'Day of delisting'),
    double('issue_amount', 'Units issued', '100 million units'),
    double('m_fee', 'Management fee', 'percent a year'),
    double('c_fee', 'Custody fee', 'percent a year'),
    double('duration_year', 'Duration', 'years'),
    double('p_value', 'Par value', 'yuan'),
    double('min_amount', 'Least amount', '10,000 yuan'),
    double('exp_return', 'Expected return'),
    text('benchmark', 'Benchmark'),
    text('status', 'D delisted, I in issue, L listed'),
    text('invest_type', 'Style'),
    text('type', 'Kind of fund'),
    text('trustee', 'Trustee'),
    date('purc_startdate', 'First day of purchases'),
    date('redm_startdate', 'First day of redemptions'),
    text('market', 'E on exchange, O off exchange'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
