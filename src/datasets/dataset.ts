/** What a dataset is: the declaration that the planner, the engine, the tables and the API are driven by. */
import { TASK_MODES, type TaskMode } from '../queue/task.ts';

/** How a value is kept in Postgres: text, double precision, integer, date. */
export type FieldType = 'text' | 'double' | 'integer' | 'date';

export interface Field {
  name: string;
  type: FieldType;
  /** What the documentation says it is, with its unit: becomes the column's comment. */
  comment: string;
  /** Every answer must have this column. Members of the key are always required. */
  required?: boolean;
}

/** How the data is asked for; the planner makes the calls out of it. */
export type FetchPlan =
  /** By trading day: `trade_date`, or `start_date`..`end_date` over days that follow each other. */
  | { by: 'trade_date'; date_field: string; published_at: string }
  /** Every calendar day from `first` to the end of next year, packed by whole years. */
  | { by: 'calendar'; date_field: string; first: string; params: Record<string, string> }
  /** One call per value of one parameter; the rows of the answer carry that value in the same-named field. */
  | { by: 'value'; param: string; values: readonly string[] };

interface Named {
  /** Name in submissions, in /datasets and of the table in Postgres. */
  name: string;
  title: { zh: string; en: string };
  modes: readonly TaskMode[];
  /** Deadline of a task in seconds of running; none: the rule of defaultTimeoutSeconds. */
  timeout_seconds?: number;
  /** Attempts of a task; none: TUSHARE_MAX_RETRIES + 1. */
  max_attempts?: number;
}

/** A dataset with a table of its own, filled by the sync engine. */
export interface TableDataset extends Named {
  runner?: undefined;
  api_name: string;
  fields: readonly Field[];
  /** The natural key of a row. */
  key: readonly string[];
  /** Members of the key that can be null: the key is then UNIQUE NULLS NOT DISTINCT instead of PRIMARY. */
  nullable_key?: readonly string[];
  /** Further indexes, for the questions that the key's order doesn't answer. */
  indexes?: readonly (readonly string[])[];
  /** Rows one answer holds at most: an answer with as many is taken as cut off. */
  row_cap: number;
  /** Calls a minute that TuShare documents for this API; null where it names none. */
  calls_per_minute: number | null;
  fetch: FetchPlan;
  /** Every run fetches all of it: an answer that lost more than this share of the known keys is refused. */
  snapshot?: { max_loss: number };
  /** Datasets whose rows the planner needs. */
  needs: readonly string[];
}

/** A dataset that is a program: `run(context)` of a module that is imported inside worker threads only. */
export interface RunnerDataset extends Named {
  /** URL of the module, e.g. `new URL('./spin.ts', import.meta.url).href`. */
  runner: string;
  /** Datasets that run before it in a group. */
  needs?: readonly string[];
}

export type Dataset = TableDataset | RunnerDataset;

/** Shorthands for the field lists of declarations. */
export const text = (name: string, comment: string): Field => ({ name, type: 'text', comment });
export const double = (name: string, comment: string): Field => ({ name, type: 'double', comment });
export const integer = (name: string, comment: string): Field => ({ name, type: 'integer', comment });
export const date = (name: string, comment: string): Field => ({ name, type: 'date', comment });
export const required = (field: Field): Field => ({ ...field, required: true });

const NAME = /^[a-z][a-z0-9_]{0,49}$/;

/**
 * What is wrong with a declaration, in sentences; empty when it can be used.
 * Names become table and column names, so they are held to plain lower-case identifiers here.
 */
export function faultsOf(dataset: Dataset): string[] {
  const faults: string[] = [];
  if (!NAME.test(dataset.name ?? ''))
    faults.push('name must be a lower-case identifier of at most 50 letters');
  if (!dataset.title?.zh || !dataset.title?.en) faults.push('title needs zh and en');
  if (!dataset.modes?.length || dataset.modes.some((mode) => !TASK_MODES.includes(mode)))
    faults.push(`modes must be some of ${TASK_MODES.join(', ')}`);
  if (dataset.runner !== undefined) {
    if (typeof dataset.runner !== 'string' || !URL.canParse(dataset.runner))
      faults.push('runner must be the URL of a module');
    return faults;
  }
  const names = dataset.fields?.map((field) => field.name) ?? [];
  if (!names.length) faults.push('fields are missing (or runner, for a dataset that is a program)');
  for (const name of names) if (!NAME.test(name)) faults.push(`field ${name} is not a lower-case identifier`);
  if (new Set(names).size < names.length) faults.push('a field is declared twice');
  if (!dataset.key?.length) faults.push('key is missing');
  for (const name of [...(dataset.key ?? []), ...(dataset.indexes ?? []).flat()])
    if (!names.includes(name)) faults.push(`${name} is used as key or index but is not a field`);
  if (!dataset.api_name) faults.push('api_name is missing');
  if (!(dataset.row_cap > 0)) faults.push('row_cap must be a number of rows');
  if (!dataset.fetch) faults.push('fetch is missing');
  return faults;
}

/** The members of a dataset's fields that every answer must have. */
export function requiredFields(dataset: TableDataset): string[] {
  return dataset.fields
    .filter((field) => field.required || dataset.key.includes(field.name))
    .map((field) => field.name);
}
