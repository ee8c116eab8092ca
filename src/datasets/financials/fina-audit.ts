import { date, double, type TableDataset, text } from '../dataset.ts';

/** Opinions of auditors. A period can have several rows and no flag tells them apart. */
export default {
  name: 'fina_audit',
  api_name: 'fina_audit',
  group: 'financials',
  title: { zh: '财务审计意见', en: 'Audit opinions' },
  doc_id: 80,
  points: 2000,
  // Not documented.
  row_cap: 5000,
  inputs: ['ts_code', 'ann_date', 'start_date', 'end_date', 'period'],
  required_inputs: ['ts_code'],
  fetch: {
    by: 'code',
    param: 'ts_code',
    code_field: 'ts_code',
    codes: { dataset: 'stock_basic', field: 'ts_code' },
  },
  // Stocks whose report came out.
  increments: [
    {
      by: 'code',
      param: 'ts_code',
      code_field: 'ts_code',
      codes: { dataset: 'disclosure_date', field: 'ts_code', dated_by: 'actual_date' },
    },
  ],
  expected: { rows: 'unknown', about: 25, may_be_empty: true },
  key: ['ts_code', 'end_date', 'ann_date', 'audit_agency', 'audit_result', 'audit_sign'],
  nullable_key: ['ann_date', 'audit_agency', 'audit_result', 'audit_sign'],
  fields: [
    text('ts_code', 'TuShare code'),
    date('ann_date', 'Day of the announcement'),
    date('end_date', 'Report period'),
    text('audit_result', 'Opinion'),
    double('audit_fees', 'Audit fee', 'yuan'),
    text('audit_agency', 'Audit firm'),
    text('audit_sign', 'Signing accountants'),
  ],
  needs: ['stock_basic', 'disclosure_date'],
} satisfies TableDataset;
