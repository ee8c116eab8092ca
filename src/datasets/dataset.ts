/** What a dataset is: the declaration that the planner, the engine, the tables and the API are driven by. */
import type { TaskMode } from '../queue/task.ts';
import type { FetchPlan } from './fetch-plan.ts';
import type { Group } from './groups.ts';

/**
 * How a value is kept in Postgres: text, double precision, bigint, date, timestamptz. TuShare writes a timestamp
 * as `YYYY-MM-DD HH:MM:SS` in Shanghai's time.
 */
export type FieldType = 'text' | 'double' | 'integer' | 'date' | 'timestamp';

export interface Field {
  /** TuShare's name, which is the column's too; some need quotes in SQL (`"1w"`, `"limit"`). */
  readonly name: string;
  readonly type: FieldType;
  /** What it is; with its unit it becomes the column's comment. */
  readonly comment: string;
  /** Of a number: yuan, thousand yuan, lots of 100 shares, percent. None: a count, a ratio, or not documented. */
  readonly unit?: string;
  /** Every answer must have this column. Members of the key are always required. */
  readonly required?: boolean;
  /** TuShare has sent this number as a text: both are taken. */
  readonly as_text?: boolean;
  /**
   * TuShare doesn't answer it, Dayline fills it: `counted`, see repeatNo; `asked`, the value of the parameter of
   * this name that the call was made with.
   */
  readonly own?: 'counted' | 'asked';
}

interface Named {
  /** Name in submissions, in /datasets and of the table in Postgres. */
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** The user's own where it is left out. */
  readonly group?: Group;
  /** Deadline of a task in seconds of running; none: the rule of defaultTimeoutSeconds. */
  readonly timeout_seconds?: number;
  /** Attempts of a task; none: TUSHARE_MAX_RETRIES + 1. */
  readonly max_attempts?: number;
}

/** What TuShare demands before it answers, and how often it does. */
interface Access {
  /** Points an account needs; none: points don't count, or the documentation names no number. */
  readonly points?: number;
  /** `separate`: bought apart from points. A submission is taken, its answer says so. */
  readonly permission?: 'separate';
  /** Calls a minute that TuShare documents for this API, where it names a number. */
  readonly calls_per_minute?: number;
  /** Rows one answer holds at most: an answer with as many is taken as cut off. */
  readonly row_cap: number;
  /**
   * Whether limit and offset are documented or seen to work. Else pages are a last resort and are read until a
   * reading brings nothing new: they have overlapped (waditu/tushare #1582). Offsets end at 100,000.
   */
  readonly pageable?: boolean;
  /** Parameters the API takes, as documented. */
  readonly inputs?: readonly string[];
  /** Those without which it refuses the call. */
  readonly required_inputs?: readonly string[];
}

/** When there is what. Times of day are Shanghai's. */
interface Timing {
  /** Whose facts these are: mainland China's where it is left out. */
  readonly market?: 'HK' | 'GLOBAL';
  /** First day TuShare has, YYYYMMDD; none: not documented, the market's first day is taken. */
  readonly history_start?: string;
  /** When a day is normally complete; none: at no fixed time (announcements). */
  readonly published?: Published;
  /** Days that an incremental run asks for again, since TuShare adds to them and corrects them; 0 where left out. */
  readonly revisited_days?: number;
}

export interface Published {
  /** HH:MM. Later than the documented time where it was seen to be. */
  readonly at: string;
  /** Trading days after the day itself: 1, the next one's morning. 0 where left out. */
  readonly days_later?: number;
  /** HH:MM: an empty or short day before this time is late, after it missing. `at` where left out. */
  readonly late_until?: string;
}

/** Rows that a partition should have. */
export interface Expected {
  /** As many as stocks are listed that day; one each calendar day; so many; or nothing that can be known. */
  readonly rows: 'listed_stocks' | 'calendar_days' | 'unknown' | number;
  /** Share of the expected rows from which a partition is complete; 1 where left out. */
  readonly complete_from?: number;
  /** Rows a partition usually has (of all partitions: the newer ones), for packing and for the preview. */
  readonly about?: number;
  /** Rows a day had when the dataset began, where it has grown steadily since (src/sync/usual-rows.ts). */
  readonly about_at_start?: number;
  /** A partition without rows is nothing unusual: no block trade that day. */
  readonly may_be_empty?: boolean;
}

/** A condition that a plausible row does not fulfil; null is no fault. */
export interface Check {
  readonly name: string;
  /** What is odd about a row that fulfils it, in words that follow "in which". */
  readonly says: string;
  /** About columns of the dataset. */
  readonly sql: string;
}

/** A dataset with a table of its own, filled by the sync engine. */
export interface TableDataset extends Named, Access, Timing {
  readonly runner?: undefined;
  readonly api_name: string;
  /** Page of the documentation: https://tushare.pro/document/2?doc_id=… */
  readonly doc_id?: number;
  /** All columns there are, also those that TuShare hides by default: every call names them all. */
  readonly fields: readonly Field[];
  /** The natural key of a row. */
  readonly key: readonly string[];
  /** Members of the key that can be null: the key is then UNIQUE NULLS NOT DISTINCT instead of PRIMARY. */
  readonly nullable_key?: readonly string[];
  /** Further indexes, for the questions that the key's order doesn't answer. */
  readonly indexes?: readonly (readonly string[])[];
  /** How all of it is asked for. */
  readonly fetch: FetchPlan;
  /** How an incremental run asks for what is new, where that takes other ways: all of these. */
  readonly increments?: readonly FetchPlan[];
  /** The same API for accounts with more points, by another name and a shorter way. */
  readonly vip?: {
    readonly api_name: string;
    readonly points: number;
    readonly row_cap: number;
    readonly fetch: FetchPlan;
  };
  /** Unknown where it is left out. */
  readonly expected?: Expected;
  /**
   * Every run fetches all of it. An answer that lost more than max_loss of the known keys is refused, nothing of
   * it stored. Rows that vanished within that bound are `kept` (delisted stocks) or `deleted` (members that left).
   */
  readonly snapshot?: { readonly max_loss: number; readonly vanished: 'kept' | 'deleted' };
  /**
   * TuShare takes rows back, or no key tells them apart: the rows fetched replace those stored of their
   * partition, in one transaction. Else rows are merged by key and nothing is deleted.
   */
  readonly replaces_partition?: boolean;
  /** What rows normally keep to. One that doesn't is stored all the same; runs count and tell them (oddities.ts). */
  readonly checks?: readonly Check[];
  /**
   * Members of the key that tell the versions of one fact apart, the most telling first. The view `<name>_latest`
   * shows of each fact the one with the highest of these.
   */
  readonly versions?: readonly string[];
  /** Datasets whose rows the planner needs, and which run before this one in a group. */
  readonly needs: readonly string[];
  /**
   * TuShare no longer brings it up to date. Where it no longer answers either, a submission is refused and told
   * what to use; else it is taken, and its answer says so.
   */
  readonly retired?: { readonly reason: string; readonly use: readonly string[]; readonly answers: boolean };
}

/** A dataset that is a program: `run(context)` of a module that is imported inside worker threads only. */
export interface RunnerDataset extends Named {
  readonly api_name?: undefined;
  /** URL of the module, e.g. `new URL('./spin.ts', import.meta.url).href`. */
  readonly runner: string;
  /** It calls TuShare, so a submission without a token is refused at once. */
  readonly asks_tushare?: boolean;
  /** What it can be asked for; the first one is meant when a submission names none. */
  readonly modes: readonly TaskMode[];
  /** What its job types are called by, where that is not its name. */
  readonly job_name?: string;
  /** The parameters that each mode takes, all of them days; anything where it is left out. */
  readonly takes_days?: Partial<Record<TaskMode, readonly ('start_date' | 'end_date' | 'target_date')[]>>;
  /** Deadline of a history in seconds of running. */
  readonly planned_seconds?: number;
  /** Datasets that run before it in a group. */
  readonly needs?: readonly string[];
  /** Datasets whose tables it fills. */
  readonly fills?: readonly string[];
}

export type Dataset = TableDataset | RunnerDataset;

/** Shorthands for the field lists of declarations. */
export const text = (name: string, comment: string): Field => ({ name, type: 'text', comment });
export const double = (name: string, comment: string, unit?: string): Field =>
  numeric('double', name, comment, unit);
export const integer = (name: string, comment: string, unit?: string): Field =>
  numeric('integer', name, comment, unit);
export const date = (name: string, comment: string): Field => ({ name, type: 'date', comment });
export const timestamp = (name: string, comment: string): Field => ({ name, type: 'timestamp', comment });
export const asked = (field: Field): Field => ({ ...field, own: 'asked' });
export const asText = (field: Field): Field => ({ ...field, as_text: true });
export const required = (field: Field): Field => ({ ...field, required: true });

/**
 * Last member of the key where rows of a partition may be exactly alike and each one counts (two block trades of
 * the same size, price and seats): 1, 2, … in the order of the answer. Without it, rows that are exactly alike
 * are one row: TuShare repeats rows by mistake too (namechange, share_float).
 */
export const repeatNo: Field = {
  name: 'repeat_no',
  type: 'integer',
  comment: 'Counts rows that are exactly alike: 1, 2, …',
  own: 'counted',
};

function numeric(type: 'double' | 'integer', name: string, comment: string, unit?: string): Field {
  return unit === undefined ? { name, type, comment } : { name, type, comment, unit };
}

/** Comment of a field with its unit, as it stands in the database. */
export const columnComment = ({ comment, unit }: Field): string => (unit ? `${comment}, ${unit}` : comment);

/** The members of a dataset's fields that every answer must have. */
export function requiredFields(dataset: TableDataset): string[] {
  return dataset.fields
    .filter((field) => !field.own && (field.required || dataset.key.includes(field.name)))
    .map((field) => field.name);
}

/** Whether rows are of a code and a trading day, so that the days of one code can be told. */
export function hasSymbolDays({ fetch, fields }: TableDataset): boolean {
  return fetch.by === 'trade_date' && fields.some(({ name }) => name === 'ts_code');
}

/** What a call names in `fields`: everything but what Dayline fills itself. */
export function askedFields(dataset: TableDataset): string[] {
  return dataset.fields.filter((field) => !field.own).map((field) => field.name);
}
