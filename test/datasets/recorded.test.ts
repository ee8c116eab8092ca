/** The declarations against what TuShare really answered: the bodies and tables in ../shared/tushare/data. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { allBuiltIn } from '../../src/datasets/built-in.ts';
import type { Field, FieldType, TableDataset } from '../../src/datasets/dataset.ts';
import { isRealDate } from '../../src/datasets/dates.ts';
import { realData, skipWithoutRealData } from '../support/real-data.ts';
import { realFiles, realRows } from '../support/real-rows.ts';

const byName = new Map((await allBuiltIn()).map((dataset) => [dataset.name, dataset]));
const skip = skipWithoutRealData;

/** Bodies that are named otherwise than their API. */
const NAMED: Record<string, string> = {
  name_change: 'namechange',
  weekly_monthly: 'stk_weekly_monthly',
  mins: 'stk_mins',
  // The manifest: really a bak_basic answer.
  daily: 'bak_basic',
};
/** The manifest: carries the columns of a cash flow statement. News and the like have no declaration. */
const NOT_OURS = /^(stk_auction|api_error_\d+|cctv_news|hs_const|irm_qa_s[hz]|major_news|news|stk_factor)$/;

/** Whoever recorded these asked for a few columns only, or for the default ones. */
const PARTS = [
  'ccass_hold',
  'ccass_hold_detail',
  'fina_indicator',
  'stk_holdertrade',
  'stk_surv',
  'stk_weekly_monthly',
];

const bodies = (realData ? readdirSync(join(realData, '_responses')) : [])
  .map((file) => file.replace('.json', ''))
  .filter((name) => !NOT_OURS.test(name));

/** The rule of sync/rows.ts, said once more. */
function fits({ type, as_text }: Field, value: unknown): boolean {
  if (value === null) return true;
  if (as_text && typeof value === 'string') return /^-?\d+(\.\d+)?$/.test(value);
  return FITS[type](value);
}
const FITS: Record<FieldType, (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  double: (value) => typeof value === 'number',
  integer: (value) => Number.isSafeInteger(value),
  date: (value) => typeof value === 'string' && isRealDate(value),
  timestamp: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value),
};

for (const body of bodies)
  t.test(`the recorded answer ${body} fits its declaration`, async (t) => {
    const dataset = byName.get(NAMED[body] ?? body) as TableDataset;
    const text = readFileSync(join(realData as string, '_responses', `${body}.json`), 'utf8');
    const { fields, items } = JSON.parse(text).data as { fields: string[]; items: unknown[][] };
    // two of them hold no row
    t.ok(fields.length > 0);
    const declared = new Map(dataset.fields.map((field) => [field.name, field]));
    for (const [index, name] of fields.entries()) {
      const field = declared.get(name);
      t.ok(field, `${name} is declared`);
      const wrong = items.map((item) => item[index]).filter((value) => field && !fits(field, value));
      t.same(wrong.slice(0, 3), [], `${name} is ${field?.type}`);
    }
    const rows = items.map((item) => Object.fromEntries(fields.map((name, index) => [name, item[index]])));
    checkKey(t, dataset, rows, fields);
  });

/**
 * Tables whose rows TuShare served; what the owners did to them stands in the manifest. fina_indicator is not among
 * them: its owner didn't ask for update_flag.
 */
const TABLES = [
  ...[
    'adj_factor',
    'balancesheet',
    'cashflow',
    'concept_detail',
    'daily_basic',
    'fina_indicator',
    'fund_nav',
  ],
  ...['income', 'index_daily', 'index_weight', 'moneyflow', 'stk_limit', 'suspend_d'],
];

for (const name of TABLES)
  t.test(`the key of ${name} tells the recorded rows apart`, { skip }, async (t) => {
    const dataset = byName.get(name) as TableDataset;
    for (const file of realFiles(name).filter((path) => /\.csv(\.gz)?$/.test(path))) {
      const rows = realRows(file);
      // fund_nav's date had this name until 2020
      if (name === 'fund_nav') for (const row of rows) row.nav_date ??= row.end_date ?? null;
      checkKey(t, dataset, rows, Object.keys(rows[0] ?? {}), file);
    }
  });

function checkKey(
  t: Test,
  dataset: TableDataset,
  rows: Record<string, unknown>[],
  fields: string[],
  of = 'the answer',
): void {
  const key = dataset.key.filter((name) => dataset.fields.some((field) => field.name === name && !field.own));
  const missing = key.filter((name) => !fields.includes(name));
  if (PARTS.includes(dataset.name)) return;
  t.same(missing, [], `${of} holds the key`);
  for (const name of key.filter((name) => !dataset.nullable_key?.includes(name)))
    t.notOk(
      rows.some((row) => row[name] === null),
      `${of}: ${name} is never null`,
    );
  const seen = new Map<string, string>();
  const conflicts: string[] = [];
  for (const row of rows) {
    const of = key.map((name) => String(row[name])).join(' ');
    const text = JSON.stringify(row);
    if (seen.has(of) && seen.get(of) !== text) conflicts.push(of);
    seen.set(of, text);
  }
  t.same(conflicts.slice(0, 3), [], `${of}: no key has two different rows`);
}
