/** What is wrong with a declaration, in sentences: told before anything is made out of it. */
import { TASK_MODES } from '../queue/task.ts';
import type { Dataset, RunnerDataset, TableDataset } from './dataset.ts';
import { isRealDate } from './dates.ts';
import { type FetchPlan, givenParams } from './fetch-plan.ts';
import { GROUPS } from './groups.ts';

const NAME = /^[a-z][a-z0-9_]{0,49}$/;
/** Columns are TuShare's own names: some begin with a digit (`1w`, `3day`). */
const FIELD_NAME = /^[a-z0-9_]{1,50}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const TYPES = ['text', 'double', 'integer', 'date', 'timestamp'];

/**
 * The faults of a declaration; none when it can be used. Names become table and column names, so they are held to
 * plain lower-case identifiers here.
 */
export function faultsOf(dataset: Dataset): string[] {
  const faults: string[] = [];
  if (!NAME.test(dataset.name ?? ''))
    faults.push('name must be a lower-case identifier of at most 50 letters');
  if (!dataset.title?.zh || !dataset.title?.en) faults.push('title needs zh and en');
  return dataset.runner === undefined
    ? [...faults, ...faultsOfTable(dataset)]
    : [...faults, ...faultsOfRunner(dataset)];
}

function faultsOfRunner({ runner, modes }: RunnerDataset): string[] {
  const faults: string[] = [];
  if (!modes?.length || modes.some((mode) => !TASK_MODES.includes(mode)))
    faults.push(`modes must be some of ${TASK_MODES.join(', ')}`);
  if (typeof runner !== 'string' || !URL.canParse(runner)) faults.push('runner must be the URL of a module');
  return faults;
}

function faultsOfTable(dataset: TableDataset): string[] {
  const faults = [...faultsOfColumns(dataset), ...faultsOfTiming(dataset)];
  const { row_cap, group, expected, needs, snapshot, replaces_partition } = dataset;
  if (!dataset.api_name) faults.push('api_name is missing');
  if (!(row_cap > 0)) faults.push('row_cap must be a number of rows');
  if (group !== undefined && !Object.hasOwn(GROUPS, group)) faults.push(`there is no group ${group}`);
  if (!Array.isArray(needs)) faults.push('needs must be a list of datasets, which may be empty');
  if (snapshot && !(snapshot.max_loss >= 0 && snapshot.max_loss < 1))
    faults.push('snapshot.max_loss must be a share from 0 to below 1');
  if (snapshot && replaces_partition)
    faults.push('a snapshot replaces no partition: it has snapshot.vanished');
  if (expected?.rows === 'unknown' && !(Number(expected.about) > 0))
    faults.push('expected.about must say how many rows a partition usually has');
  faults.push(...faultsOfFetch(dataset, 'fetch', dataset.fetch));
  for (const plan of dataset.increments ?? []) faults.push(...faultsOfFetch(dataset, 'increments', plan));
  // What the API demands its vip variant doesn't.
  if (dataset.vip)
    faults.push(...faultsOfFetch({ ...dataset, required_inputs: [] }, 'vip.fetch', dataset.vip.fetch));
  return faults;
}

function faultsOfColumns(dataset: TableDataset): string[] {
  const faults: string[] = [];
  const names = dataset.fields?.map((field) => field.name) ?? [];
  if (!names.length) faults.push('fields are missing (or runner, for a dataset that is a program)');
  for (const { name, type, comment } of dataset.fields ?? []) {
    if (!FIELD_NAME.test(name)) faults.push(`field ${name} is not a lower-case identifier`);
    if (!TYPES.includes(type)) faults.push(`field ${name} must be one of ${TYPES.join(', ')}`);
    if (typeof comment !== 'string') faults.push(`field ${name} needs a comment`);
  }
  if (new Set(names).size < names.length) faults.push('a field is declared twice');
  if (!dataset.key?.length) faults.push('key is missing');
  for (const name of [...(dataset.key ?? []), ...(dataset.indexes ?? []).flat()])
    if (!names.includes(name)) faults.push(`${name} is used as key or index but is not a field`);
  for (const name of dataset.nullable_key ?? [])
    if (!dataset.key?.includes(name)) faults.push(`${name} is in nullable_key but not in key`);
  for (const name of dataset.versions ?? [])
    if (!dataset.key?.includes(name)) faults.push(`${name} is in versions but not in key`);
  return faults;
}

function faultsOfTiming({ published, history_start }: TableDataset): string[] {
  const faults: string[] = [];
  if (history_start !== undefined && !isRealDate(history_start))
    faults.push('history_start must be a date, YYYYMMDD');
  if (published && ![published.at, published.late_until ?? published.at].every((at) => TIME.test(at)))
    faults.push('published.at and late_until must be times, HH:MM');
  return faults;
}

function faultsOfFetch(dataset: TableDataset, place: string, plan: FetchPlan | undefined): string[] {
  if (!plan?.by) return [`${place} is missing`];
  const faults: string[] = [];
  const names = dataset.fields?.map((field) => field.name) ?? [];
  const fieldOf = 'date_field' in plan ? plan.date_field : plan.by === 'code' ? plan.code_field : null;
  for (const name of [fieldOf, plan.by === 'code' ? plan.window?.date_field : null])
    if (name && !names.includes(name)) faults.push(`${place} names ${name}, which is not a field`);
  if (fieldOf === undefined) faults.push(`${place} must name the field that tells a row's partition`);
  if (plan.by === 'code' && !dataset.needs?.includes(plan.codes.dataset))
    faults.push(`${place} takes codes from ${plan.codes.dataset}, which needs must name`);
  if (plan.by === 'trade_date' && !dataset.needs?.includes('trade_cal'))
    faults.push(`${place} goes by trade_date, so needs must name trade_cal`);
  if (dataset.inputs) {
    const given = givenParams(plan);
    for (const name of given)
      if (!dataset.inputs.includes(name)) faults.push(`${place} gives ${name}, which the API does not take`);
    for (const name of dataset.required_inputs ?? [])
      if (!given.includes(name)) faults.push(`${place} does not give ${name}, which the API demands`);
  }
  return faults;
}
