/** What every declaration of src/datasets keeps to, whatever TuShare documents. */
import t from 'tap';
import { allBuiltIn, builtInFiles, findBuiltIn } from '../../src/datasets/built-in.ts';
import { askedFields, type TableDataset } from '../../src/datasets/dataset.ts';
import { faultsOf } from '../../src/datasets/faults.ts';
import type { ByCode, FetchPlan } from '../../src/datasets/fetch-plan.ts';
import { GROUPS } from '../../src/datasets/groups.ts';

const datasets = await allBuiltIn();
const byName = new Map(datasets.map((dataset) => [dataset.name, dataset]));
const plansOf = ({ fetch, increments = [], vip }: TableDataset): FetchPlan[] =>
  vip ? [fetch, ...increments, vip.fetch] : [fetch, ...increments];

t.test('none has a fault, and each lies in the file that its name and group say', async (t) => {
  const files = builtInFiles();
  for (const dataset of datasets) {
    t.same(faultsOf(dataset), [], dataset.name);
    const path = `/${dataset.group?.replaceAll('_', '-')}/${dataset.name.replaceAll('_', '-')}.ts`;
    t.ok(files.get(dataset.name)?.endsWith(path), `${dataset.name} lies in ${path}`);
  }
  const used = new Set(datasets.map((dataset) => dataset.group as string));
  t.same(
    [...used].sort(),
    Object.keys(GROUPS)
      .filter((group) => group !== 'own' && group !== 'jobs')
      .sort(),
  );
});

t.test('one is found by its name without the others', async (t) => {
  t.equal(await findBuiltIn('daily'), byName.get('daily'));
  t.equal(await findBuiltIn('stk_week_month_adj'), byName.get('stk_week_month_adj'));
  for (const name of ['dailly', '../dataset', 'constructor', 'stk-limit'])
    t.equal(await findBuiltIn(name), undefined, name);
});

t.test('what a declaration points to is there', async (t) => {
  for (const { name, needs, retired } of datasets)
    for (const other of [...needs, ...(retired?.use ?? [])])
      t.ok(byName.has(other), `${name} names ${other}`);
  for (const dataset of datasets) {
    for (const { codes } of plansOf(dataset).filter((plan): plan is ByCode => plan.by === 'code')) {
      const fields = byName.get(codes.dataset)?.fields.map((field) => field.name) ?? [];
      const used = [codes.field, codes.dated_by ?? codes.field, ...Object.keys(codes.where ?? {})];
      for (const field of used) t.ok(fields.includes(field), `${dataset.name}: ${codes.dataset}.${field}`);
    }
  }
});

t.test('nothing needs itself, not through others either', async (t) => {
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    t.notOk(path.includes(name), [...path, name].join(' needs '));
    if (finished.has(name) || path.includes(name)) return;
    for (const need of byName.get(name)?.needs ?? []) visit(need, [...path, name]);
    finished.add(name);
  };
  for (const { name } of datasets) visit(name, []);
});

t.test('rows can be told apart and placed', async (t) => {
  for (const dataset of datasets) {
    const { name, key, fields, snapshot, replaces_partition } = dataset;
    const { fetch } = dataset;
    if ('date_field' in fetch)
      t.notOk(
        dataset.nullable_key?.includes(fetch.date_field),
        `${name}: a row without ${fetch.date_field} has no partition`,
      );
    if (fields.some((field) => field.name === 'repeat_no'))
      t.ok(key.at(-1) === 'repeat_no' && replaces_partition, `${name} counts repeats in what it replaces`);
    t.notOk(snapshot && replaces_partition, name);
    t.ok(askedFields(dataset).length > 0 && !askedFields(dataset).includes('repeat_no'), name);
  }
});

t.test('every column says what it is', async (t) => {
  for (const { name, fields } of datasets)
    for (const field of fields) t.match(field.comment, /^\S.*\S$|^\S+$/, `${name}.${field.name}`);
});
