/** What a submission may ask of a dataset: checked, and brought into the one form that runs understand. Pure. */
import { ApiError } from '../errors.ts';
import { allFaults } from '../faults.ts';
import { TASK_MODES, type TaskMode, type TaskParams } from '../queue/task.ts';
import type { Catalogue } from './catalogue.ts';
import type { Dataset, RunnerDataset, TableDataset } from './dataset.ts';
import { daysFromTo, FIRST_MARKET_DATE, readDate, shanghaiClock } from './dates.ts';
import { didYouMean } from './did-you-mean.ts';
import type { OnRequest } from './fetch-plan.ts';
import { hasDates, modesOf } from './modes.ts';
import { refusalOf } from './refusal.ts';

/** Dates one backfill may name; more are better said as a range. */
const MAX_DATES = 5000;
/** TuShare calls a minute under the default window, for the deadline of a planned run. */
const CALLS_PER_MINUTE = 195;
const PLANNED_TIMEOUT_FLOOR_SECONDS = 3600;
const UNPLANNED_TIMEOUT_SECONDS = 1800;

export interface Submission {
  dataset: string;
  mode?: string;
  params?: TaskParams;
}

/** A submission that can be queued: dates are YYYYMMDD, and what follows from the dataset is filled in. */
export interface CheckedSubmission {
  dataset: string;
  mode: TaskMode;
  job_type: string;
  params: TaskParams;
  timeout_seconds: number;
  /** Of the dataset; null: TUSHARE_MAX_RETRIES + 1. */
  max_attempts: number | null;
}

/**
 * Checks dataset, mode and parameters of a submission. Without a mode the dataset's first one is meant.
 * @throws ApiError UNKNOWN_DATASET; DATASET_UNAVAILABLE for one that is retired or can't be fetched yet;
 * INVALID_PARAMS, saying which parameter and what was expected.
 */
export function checkSubmission(
  catalogue: Catalogue,
  submission: Submission,
  now: Date = new Date(),
): CheckedSubmission {
  const dataset = catalogue.get(submission.dataset);
  const refusal = dataset.runner === undefined ? refusalOf(dataset) : null;
  if (refusal) throw new ApiError('DATASET_UNAVAILABLE', `${dataset.name}: ${refusal}.`);
  const mode = checkMode(dataset, submission.mode);
  const given = submission.params ?? {};
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(dataset, 'params must be an object');
  const params =
    dataset.runner === undefined
      ? checkParams(dataset, mode, given, now)
      : checkDays(dataset, mode, given, now);
  const also = (params.also as string[] | undefined) ?? [];
  for (const name of also) checkAlso(dataset, catalogue.get(name));
  return {
    dataset: dataset.name,
    mode,
    job_type: `${jobNameOf(dataset)}.${mode}`,
    params,
    timeout_seconds:
      dataset.timeout_seconds ?? plannedSeconds(dataset, mode) ?? defaultTimeoutSeconds(mode, params, now),
    max_attempts: dataset.max_attempts ?? null,
  };
}

/**
 * Deadline in seconds of running time: 30 minutes, or for planned runs (history, backfill) three times the
 * minutes that one call per day would take at 195 calls a minute, and an hour at least.
 */
export function defaultTimeoutSeconds(mode: TaskMode, params: TaskParams, now: Date = new Date()): number {
  if (mode !== 'history' && mode !== 'backfill') return UNPLANNED_TIMEOUT_SECONDS;
  const first = (params.start_date as string | undefined) ?? FIRST_MARKET_DATE;
  const last = (params.end_date as string | undefined) ?? shanghaiClock(now).date;
  const days = Array.isArray(params.dates) ? params.dates.length : daysFromTo(first, last);
  return Math.max(PLANNED_TIMEOUT_FLOOR_SECONDS, Math.ceil((3 * 60 * days) / CALLS_PER_MINUTE));
}

function checkMode(dataset: Dataset, given: string | undefined): TaskMode {
  const modes = modesOf(dataset);
  const mode = given ?? modes[0];
  if (modes.includes(mode as TaskMode)) return mode as TaskMode;
  const offered = modes.join(', ');
  const hint = TASK_MODES.includes(mode as TaskMode) ? '' : didYouMean(String(mode), modes);
  throw invalid(dataset, `mode ${show(mode)} is not offered (${offered})${hint}`);
}

const jobNameOf = (dataset: Dataset): string =>
  (dataset.runner === undefined ? undefined : dataset.job_name) ?? dataset.name;

const plannedSeconds = (dataset: Dataset, mode: TaskMode): number | undefined =>
  dataset.runner !== undefined && mode === 'history' ? dataset.planned_seconds : undefined;

/** Parameters of a program that takes days only. @throws ApiError INVALID_PARAMS */
function checkDays(dataset: RunnerDataset, mode: TaskMode, given: TaskParams, now: Date): TaskParams {
  if (!dataset.takes_days) return given;
  const takes: readonly string[] = dataset.takes_days[mode] ?? [];
  const faults: string[] = [];
  refuseUnknown(given, takes, faults);
  const params: TaskParams = {};
  for (const name of takes)
    if (isGiven(given[name])) params[name] = checkDate(name, given[name], now, faults);
  refuseBackwards(params, faults);
  if (faults.length > 0) throw invalid(dataset, allFaults(faults));
  return params;
}

/** Datasets that share a run must be planned alike: by trading days. @throws ApiError INVALID_PARAMS */
function checkAlso(dataset: Dataset, other: Dataset): void {
  if (other.runner === undefined && other.fetch.by === 'trade_date' && other.name !== dataset.name) return;
  throw invalid(dataset, `also names ${other.name}, which is not another dataset by trading days`);
}

/** @throws ApiError INVALID_PARAMS naming every fault */
function checkParams(dataset: TableDataset, mode: TaskMode, given: TaskParams, now: Date): TaskParams {
  const faults: string[] = [];
  const known = knownParams(dataset, mode);
  refuseUnknown(given, known, faults);
  const params: TaskParams = {};
  for (const name of ['start_date', 'end_date', 'target_date'] as const) {
    if (known.includes(name) && isGiven(given[name]))
      params[name] = checkDate(name, given[name], now, faults);
  }
  refuseBackwards(params, faults);
  if (known.includes('also') && isGiven(given.also)) params.also = checkNames('also', given.also, faults);
  if (known.includes('codes')) checkCodes(given, params, faults);
  if (dataset.fetch.by === 'request') checkRequest(dataset.fetch, given, params, faults);
  if (mode === 'backfill') checkBackfill(given, params, now, faults);
  if (faults.length > 0) throw invalid(dataset, allFaults(faults));
  return params;
}

function refuseUnknown(given: TaskParams, known: readonly string[], faults: string[]): void {
  const offered = known.length ? `it takes ${known.join(', ')}` : 'it takes none';
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    faults.push(`unknown parameter ${show(name)}${didYouMean(name, known) || `: ${offered}`}`);
  }
}

function refuseBackwards(params: TaskParams, faults: string[]): void {
  const { start_date, end_date } = params as { start_date?: string; end_date?: string };
  if (start_date && end_date && start_date > end_date)
    faults.push(`the range is backwards: start_date ${start_date} is after end_date ${end_date}`);
}

/**
 * What a mode takes. codes, or ts_code as TuShare writes it: single stocks, where the API takes one and days. missing: only what the ledger doesn't
 * call complete. target_date: the day that an incremental run takes for today. also: further datasets of the same run.
 */
function knownParams({ fetch, inputs = [] }: TableDataset, mode: TaskMode): string[] {
  const ofOneCode =
    fetch.by !== 'code' && hasDates(fetch.by) && inputs.includes('ts_code') && inputs.includes('start_date');
  const codes =
    ofOneCode || fetch.by === 'code' ? ['codes', ...(inputs.includes('ts_code') ? ['ts_code'] : [])] : [];
  const also = fetch.by === 'trade_date' ? ['also'] : [];
  if (mode === 'history') return ['start_date', 'end_date', ...also, ...codes];
  if (mode === 'backfill') return ['dates', 'start_date', 'end_date', 'missing', ...codes];
  if (mode === 'incremental') return hasDates(fetch.by) ? ['target_date', ...also] : [];
  if (fetch.by === 'request') return [...fetch.wants, ...(fetch.takes ?? [])];
  return fetch.by === 'code' ? [...codes, ...(fetch.window ? ['start_date', 'end_date'] : [])] : [];
}

const MAX_NAMES = 1000;

function checkNames(name: string, value: unknown, faults: string[]): string[] {
  const fits = (entry: unknown) => typeof entry === 'string' && /^[A-Za-z0-9_.]{1,50}$/.test(entry);
  if (Array.isArray(value) && value.length > 0 && value.length <= MAX_NAMES && value.every(fits))
    return [...new Set(value as string[])].sort();
  faults.push(`${name} must be a list of 1 to ${MAX_NAMES} names`);
  return [];
}

/** Single stocks: `codes: ['600000.SH']`, or `ts_code: '600000.SH,000001.SZ'`. */
function checkCodes(given: TaskParams, params: TaskParams, faults: string[]): void {
  const { codes, ts_code, missing, also } = given;
  if (!isGiven(codes) && !isGiven(ts_code)) return;
  if (isGiven(codes) && isGiven(ts_code)) faults.push('give either codes or ts_code, not both');
  else if (isGiven(codes)) params.codes = checkNames('codes', codes, faults);
  else
    params.codes = checkNames('ts_code', typeof ts_code === 'string' ? ts_code.split(',') : ts_code, faults);
  if (isGiven(missing))
    faults.push('what is missing is known by day, not by code: leave codes or missing out');
  if (isGiven(also)) faults.push('single codes are fetched one dataset at a time: leave codes or also out');
}

/** Texts as TuShare takes them: symbols, times, intervals. */
function checkRequest(fetch: OnRequest, given: TaskParams, params: TaskParams, faults: string[]): void {
  for (const name of [...fetch.wants, ...(fetch.takes ?? [])]) {
    const value = given[name];
    if (!isGiven(value)) {
      if (fetch.wants.includes(name)) faults.push(`${name} is missing: it says what to ask for`);
    } else if (typeof value === 'string' && value.length > 0 && value.length <= 200) params[name] = value;
    else faults.push(`${name} must be a text of at most 200 characters`);
  }
}

function checkBackfill(given: TaskParams, params: TaskParams, now: Date, faults: string[]): void {
  const { dates, start_date, end_date, missing } = given;
  if (isGiven(missing)) {
    if (missing !== true) faults.push('missing must be true, or left out');
    else if (isGiven(dates)) faults.push('a backfill takes either dates or what is missing, not both');
    else params.missing = true;
    return;
  }
  if (!isGiven(dates)) {
    if (!isGiven(start_date) || !isGiven(end_date))
      faults.push('a backfill needs dates, or start_date and end_date');
    return;
  }
  if (isGiven(start_date) || isGiven(end_date))
    faults.push('a backfill takes either dates or start_date and end_date, not both');
  if (!Array.isArray(dates) || dates.length === 0) faults.push('dates must be a list of at least one date');
  else if (dates.length > MAX_DATES)
    faults.push(`dates holds ${dates.length} dates, at most ${MAX_DATES} go into one backfill`);
  else {
    const checked = dates.map((date, index) => checkDate(`dates[${index}]`, date, now, faults));
    params.dates = [...new Set(checked)].sort();
  }
}

/** @returns YYYYMMDD; an empty text when it is no date that can be asked for, which is then among the faults */
function checkDate(name: string, value: unknown, now: Date, faults: string[]): string {
  const date = typeof value === 'string' ? readDate(value) : null;
  const today = shanghaiClock(now).date;
  if (date === null) faults.push(`${name} must be a date that exists, as YYYYMMDD, not ${show(value)}`);
  else if (date < FIRST_MARKET_DATE)
    faults.push(`${name} ${date} is before the market opened (${FIRST_MARKET_DATE})`);
  else if (date > today) faults.push(`${name} ${date} is in the future (today is ${today} in Shanghai)`);
  else return date;
  return '';
}

const isGiven = (value: unknown): boolean => value !== undefined && value !== null;

const invalid = (dataset: Dataset, message: string): ApiError =>
  new ApiError('INVALID_PARAMS', `${dataset.name}: ${message}`);

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);
