/** What a submission may ask of a dataset: checked, and brought into the one form that runs understand. Pure. */
import { ApiError } from '../errors.ts';
import { TASK_MODES, type TaskMode, type TaskParams } from '../queue/task.ts';
import type { Catalogue } from './catalogue.ts';
import type { Dataset } from './dataset.ts';
import { daysFromTo, FIRST_MARKET_DATE, readDate, shanghaiClock } from './dates.ts';
import { didYouMean } from './did-you-mean.ts';

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
 * @throws ApiError UNKNOWN_DATASET or INVALID_PARAMS, saying which parameter and what was expected.
 */
export function checkSubmission(
  catalogue: Catalogue,
  submission: Submission,
  now: Date = new Date(),
): CheckedSubmission {
  const dataset = catalogue.get(submission.dataset);
  const mode = checkMode(dataset, submission.mode);
  const given = submission.params ?? {};
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(dataset, 'params must be an object');
  const params = dataset.runner === undefined ? checkParams(dataset, mode, given, now) : given;
  return {
    dataset: dataset.name,
    mode,
    job_type: `${dataset.name}.${mode}`,
    params,
    timeout_seconds: dataset.timeout_seconds ?? defaultTimeoutSeconds(mode, params, now),
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
  const mode = given ?? dataset.modes[0];
  if (dataset.modes.includes(mode as TaskMode)) return mode as TaskMode;
  const offered = dataset.modes.join(', ');
  const hint = TASK_MODES.includes(mode as TaskMode) ? '' : didYouMean(String(mode), dataset.modes);
  throw invalid(dataset, `mode ${show(mode)} is not offered (${offered})${hint}`);
}

function checkParams(dataset: Dataset, mode: TaskMode, given: TaskParams, now: Date): TaskParams {
  const known =
    mode === 'history'
      ? ['start_date', 'end_date']
      : mode === 'backfill'
        ? ['dates', 'start_date', 'end_date']
        : [];
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const offered = known.length ? `it takes ${known.join(', ')}` : 'it takes none';
    throw invalid(dataset, `unknown parameter ${show(name)}${didYouMean(name, known) || `: ${offered}`}`);
  }
  const params: TaskParams = {};
  for (const name of ['start_date', 'end_date'] as const) {
    if (given[name] !== undefined && given[name] !== null)
      params[name] = checkDate(dataset, name, given[name], now);
  }
  const { start_date, end_date } = params as { start_date?: string; end_date?: string };
  if (start_date && end_date && start_date > end_date)
    throw invalid(dataset, `the range is backwards: start_date ${start_date} is after end_date ${end_date}`);
  if (mode === 'backfill') checkBackfill(dataset, given, params, now);
  return params;
}

function checkBackfill(dataset: Dataset, given: TaskParams, params: TaskParams, now: Date): void {
  if (given.dates === undefined || given.dates === null) {
    if (!params.start_date || !params.end_date)
      throw invalid(dataset, 'a backfill needs dates, or start_date and end_date');
    return;
  }
  if (params.start_date || params.end_date)
    throw invalid(dataset, 'a backfill takes either dates or start_date and end_date, not both');
  if (!Array.isArray(given.dates) || given.dates.length === 0)
    throw invalid(dataset, 'dates must be a list of at least one date');
  if (given.dates.length > MAX_DATES)
    throw invalid(
      dataset,
      `dates holds ${given.dates.length} dates, at most ${MAX_DATES} go into one backfill`,
    );
  const dates = given.dates.map((date, index) => checkDate(dataset, `dates[${index}]`, date, now));
  params.dates = [...new Set(dates)].sort();
}

function checkDate(dataset: Dataset, name: string, value: unknown, now: Date): string {
  const date = typeof value === 'string' ? readDate(value) : null;
  if (date === null)
    throw invalid(dataset, `${name} must be a date that exists, as YYYYMMDD, not ${show(value)}`);
  if (date < FIRST_MARKET_DATE)
    throw invalid(dataset, `${name} ${date} is before the market opened (${FIRST_MARKET_DATE})`);
  const today = shanghaiClock(now).date;
  if (date > today)
    throw invalid(dataset, `${name} ${date} is in the future (today is ${today} in Shanghai)`);
  return date;
}

const invalid = (dataset: Dataset, message: string): ApiError =>
  new ApiError('INVALID_PARAMS', `${dataset.name}: ${message}`);

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);
