/** Plans for datasets whose partitions are codes out of another dataset: batches, windows, combinations. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { shanghaiClock } from '../datasets/dates.ts';
import type { ByCode } from '../datasets/fetch-plan.ts';
import { TaskError } from '../errors.ts';
import type { TaskParams } from '../queue/task.ts';
import { eachCombination, partitionName } from './partition.ts';
import { type Span, startOf, type Unit } from './unit.ts';

/** A code, and the days on which it can have rows where that is known. */
export interface KnownCode {
  code: string;
  first: string | null;
  last: string | null;
}

/**
 * One unit a code; or several codes in one where the API takes them; or windows of a code's history.
 * @param codes what the other dataset's table lists
 * @throws TaskError prerequisite_missing when it lists none
 */
export function planCodes(
  dataset: TableDataset,
  fetch: ByCode,
  params: TaskParams,
  codes: readonly KnownCode[],
  now: Date,
  way: Pick<Unit, 'way'> = {},
): Unit[] {
  const named = params.codes as string[] | undefined;
  const wanted = named?.map((code) => codes.find((known) => known.code === code) ?? unknown(code)) ?? codes;
  if (wanted.length === 0 && fetch.codes.dated_by === undefined)
    throw new TaskError(
      'prerequisite_missing',
      `${dataset.name} needs the codes of ${fetch.codes.dataset}, which has none: submit ${fetch.codes.dataset} first`,
    );
  return eachCombination(fetch).flatMap((each) => {
    if (fetch.window) {
      const { window } = fetch;
      return wanted.flatMap((code) =>
        windows(dataset, window.rows_per_year, params, code, now).map((span) =>
          unitOf([partitionName(each, code.code, span)], way),
        ),
      );
    }
    const batch = fetch.batch ?? 1;
    const units: Unit[] = [];
    for (let at = 0; at < wanted.length; at += batch)
      units.push(
        unitOf(
          wanted.slice(at, at + batch).map(({ code }) => partitionName(each, code)),
          way,
        ),
      );
    return units;
  });
}

const unknown = (code: string): KnownCode => ({ code, first: null, last: null });

/** Rows are not known by code; an empty one is nothing unusual. */
const unitOf = (partitions: string[], way: Pick<Unit, 'way'>): Unit => ({
  partitions,
  expected: partitions.map(() => null),
  ...way,
});

/**
 * Whole years, so many in one call that their rows stay under the cap. A code whose first day isn't known is asked for
 * in one call where two would do for the longest history: most are younger, and an answer that is cut off is asked for
 * in two parts.
 */
function windows(
  dataset: TableDataset,
  rowsPerYear: number,
  params: TaskParams,
  code: KnownCode,
  now: Date,
): Span[] {
  const today = shanghaiClock(now).date;
  const given = params as { start_date?: string; end_date?: string };
  const first = given.start_date ?? latest(startOf(dataset), code.first);
  const last = given.end_date ?? earliest(today, code.last);
  const longest = Number(last.slice(0, 4)) - Number(first.slice(0, 4)) + 1;
  const fitting = Math.max(1, Math.floor((dataset.row_cap - 1) / rowsPerYear));
  const years = code.first === null && fitting < longest && longest <= 2 * fitting ? 2 * fitting : fitting;
  const spans: Span[] = [];
  for (let year = Number(first.slice(0, 4)); year <= Number(last.slice(0, 4)); year += years) {
    const from = `${year}0101`;
    // the last window ends with the year, so that its name is the same tomorrow
    const to = given.end_date && `${year + years - 1}1231` > last ? last : `${year + years - 1}1231`;
    spans.push({ first: from < first ? first : from, last: to });
  }
  return spans;
}

const latest = (date: string, other: string | null): string => (other && other > date ? other : date);
const earliest = (date: string, other: string | null): string => (other && other < date ? other : date);
