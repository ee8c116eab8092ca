/** The declarations against TuShare's documentation (../shared/tushare/catalog.json), exception by exception. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { allBuiltIn } from '../../src/datasets/built-in.ts';
import { askedFields } from '../../src/datasets/dataset.ts';
import { realData, skipWithoutRealData } from '../support/real-data.ts';

interface DocumentedApi {
  api_name: string;
  doc_id: number;
  points_required: number | null;
  rows_per_call_limit: number | null;
  rate_limit_per_min_documented: number | null;
  vip_variant: string | null;
  input_params: { name: string; required: boolean }[];
  fields: { name: string }[];
}

const apis: DocumentedApi[] = realData
  ? JSON.parse(readFileSync(join(realData, '../catalog.json'), 'utf8')).apis
  : [];
const datasets = await allBuiltIn();
const skip = skipWithoutRealData;

/** Its documentation lists the columns as parameters. */
const NO_INPUTS = ['fund_company'];

/** Documented as required, answered without it: one of several parameters is enough. */
const NOT_DEMANDED: Record<string, string[]> = {
  daily_basic: ['ts_code'],
  cyq_perf: ['ts_code'],
  express: ['ts_code'],
  cb_share: ['ts_code', 'ann_date'],
};

/** The documentation shows the parameters in place of the columns. */
const COLUMNS_UNKNOWN = ['cb_factor_pro', 'fund_factor_pro', 'idx_factor_pro'];
const PARAMETERS_AMONG_COLUMNS: Record<string, string[]> = { stk_factor_pro: ['start_date', 'end_date'] };

/** One recorded day had 5,464 rows: what the documentation doesn't name is not below it. */
const UNDOCUMENTED_CAP = 5000;

t.test('every documented API has exactly one declaration, and none is invented', { skip }, async (t) => {
  const declared = datasets.map((dataset) => dataset.api_name);
  t.same([...declared].sort(), apis.map((api) => api.api_name).sort());
  t.same(
    datasets.filter((dataset) => dataset.name !== dataset.api_name),
    [],
    'tables are named like their APIs',
  );
});

for (const api of apis) {
  const dataset = datasets.find(({ api_name }) => api_name === api.api_name);
  if (!dataset) continue;
  t.test(`${api.api_name} is declared as documented`, async (t) => {
    t.equal(dataset.doc_id, api.doc_id);
    if (dataset.permission !== 'separate') t.equal(dataset.points ?? null, api.points_required);
    t.equal(dataset.calls_per_minute ?? null, api.rate_limit_per_min_documented);
    if (api.rows_per_call_limit === null) t.ok(dataset.row_cap >= UNDOCUMENTED_CAP);
    else t.equal(dataset.row_cap, api.rows_per_call_limit);
    t.equal(dataset.vip?.api_name ?? null, api.vip_variant);
    if (!NO_INPUTS.includes(api.api_name)) {
      t.same(
        dataset.inputs,
        api.input_params.map((param) => param.name),
      );
      const demanded = api.input_params.filter((param) => param.required).map((param) => param.name);
      const excused = NOT_DEMANDED[api.api_name] ?? [];
      t.same(
        [...(dataset.required_inputs ?? [])].sort(),
        demanded.filter((name) => !excused.includes(name)).sort(),
      );
    }
    if (COLUMNS_UNKNOWN.includes(api.api_name)) return;
    const misplaced = PARAMETERS_AMONG_COLUMNS[api.api_name] ?? [];
    const columns = api.fields.map((field) => field.name).filter((name) => !misplaced.includes(name));
    t.same([...askedFields(dataset)].sort(), columns.sort(), 'all columns, the hidden ones too');
  });
}

t.test(
  'the factors of indices, funds and bonds are those of stocks on unadjusted prices',
  { skip },
  async (t) => {
    const stocks = new Set(
      datasets.find(({ name }) => name === 'stk_factor_pro')?.fields.map(({ name }) => name),
    );
    for (const name of COLUMNS_UNKNOWN) {
      const fields = datasets.find((dataset) => dataset.name === name)?.fields ?? [];
      // 89 columns were counted in answers of 2026-07
      t.equal(fields.length, 89, name);
      t.same(
        fields.filter((field) => !stocks.has(field.name)).map((field) => field.name),
        ['pct_change'],
        `${name}: stocks say pct_chg`,
      );
    }
  },
);
