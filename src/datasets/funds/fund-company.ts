import { date, double, type TableDataset, text } from '../dataset.ts';

/** Companies that manage funds. */
export default {
  name: 'fund_company',
  api_name: 'fund_company',
  group: 'funds',
  title: { zh: '公募基金公司', en: 'Fund companies' },
  doc_id: 118,
  points: 1500,
  // Not documented.
  row_cap: 5000,
  // The documentation lists the columns as parameters.
  inputs: [],
  // Documented: everything in one call.
  fetch: { by: 'whole' },
  expected: { rows: 'unknown', about: 210 },
  key: ['name'],
  fields: [
    text('name', 'Name'),
    text('shortname', 'Short name'),
    text('short_enname', 'English short name'),
    text('province', 'Province'),
    text('city', 'City'),
    text('address', 'Registered address'),
    text('phone', 'Telephone'),
    text('office', 'Office'),
    text('website', 'Web site'),
    text('chairman', 'Legal representative'),
    text('manager', 'General manager'),
    double('reg_capital', 'Registered capital', '10,000 yuan'),
    date('setup_date', 'Day of foundation'),
    date('end_date', 'Last day of the company'),
    double('employees', 'Employees'),
    text('main_business', 'Main products and business'),
    text('org_code', 'Organisation code'),
    text('credit_code', 'Unified social credit code'),
  ],
  snapshot: { max_loss: 0.05, vanished: 'kept' },
  needs: [],
} satisfies TableDataset;
