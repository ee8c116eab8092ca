/** What the three statements have in common: how they are asked for, and what tells their rows apart. */
import type { TableDataset } from './dataset.ts';

/** All that TuShare documents: see report_type of income. */
const REPORT_TYPES = { report_type: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12'] };
const BY_CODE = { by: 'code', param: 'ts_code', code_field: 'ts_code', each: REPORT_TYPES } as const;

type Statement = Pick<
  TableDataset,
  | 'row_cap'
  | 'required_inputs'
  | 'fetch'
  | 'increments'
  | 'vip'
  | 'revisited_days'
  | 'expected'
  | 'key'
  | 'nullable_key'
  | 'versions'
  | 'indexes'
>;

/** @param api_name of the API by stock; its vip twin is called `<api_name>_vip`. */
export function statement(api_name: string): Statement {
  return {
    // Not documented.
    row_cap: 5000,
    required_inputs: ['ts_code'],
    // By stock for accounts of 2,000 points; by period, all stocks at once, is the vip API.
    fetch: { ...BY_CODE, codes: { dataset: 'stock_basic', field: 'ts_code' } },
    // Stocks whose report came out.
    increments: [
      { ...BY_CODE, codes: { dataset: 'disclosure_date', field: 'ts_code', dated_by: 'actual_date' } },
    ],
    // The cap is not documented.
    vip: {
      api_name: `${api_name}_vip`,
      points: 5000,
      row_cap: 5000,
      fetch: { by: 'period', date_field: 'end_date', param: 'period', each: REPORT_TYPES },
    },
    revisited_days: 5,
    expected: { rows: 'unknown', about: 120, may_be_empty: true },
    key: ['ts_code', 'end_date', 'report_type', 'comp_type', 'ann_date', 'f_ann_date', 'update_flag'],
    nullable_key: ['comp_type', 'ann_date', 'f_ann_date', 'update_flag'],
    versions: ['f_ann_date', 'ann_date', 'update_flag'],
    indexes: [['end_date']],
  };
}
