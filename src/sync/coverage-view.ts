/** The ledger against what should be there: every partition with its state, gaps, and sums by month. Pure. */
import type { LedgerRow } from '../store/stored-data.ts';
import type { CoverageState } from './coverage.ts';
import { type LedgerEntry, mayBeAskedAgain } from './due.ts';
import type { Unit } from './unit.ts';

export const PARTITION_STATES = [
  'complete',
  'partial',
  'missing',
  'empty_confirmed',
  'failed',
  'absent',
] as const;
/** As in the ledger; `absent`: expected, and never asked for. */
export type PartitionState = CoverageState | 'absent';

/** What a person has to see to: rows are lacking, or may be. An empty one that was confirmed is no gap. */
export const GAP_STATES: readonly PartitionState[] = ['partial', 'missing', 'failed', 'absent'];

export interface PartitionView {
  partition: string;
  /** Day, month or year as YYYYMMDD, YYYYMM, YYYY where it is one. */
  date: string | null;
  state: PartitionState;
  expected_rows: number | null;
  fetched_rows: number;
  fetched_at: Date | null;
  /** An incremental run asks for it again by itself: now, or once some time has passed. */
  asked_again: boolean;
}

/** The time that a partition's name ends with: `20190108`, `SSE/20190108`, `1/201901`, `2019`. */
export const dateOf = (partition: string): string | null =>
  /(?:^|\/)(\d{8}|\d{6}|\d{4})$/.exec(partition)?.[1] ?? null;

/**
 * Every partition that is expected or known, by name.
 * @param units a plan of everything; null: not known what should be there
 * @param givenUp partitions that failed as often as they may
 */
export function viewPartitions(
  units: readonly Unit[] | null,
  ledger: readonly LedgerRow[],
  givenUp: ReadonlySet<string>,
  now: Date,
): PartitionView[] {
  const views = new Map<string, PartitionView>();
  for (const { partitions, expected } of units ?? [])
    for (const [at, partition] of partitions.entries())
      views.set(partition, {
        partition,
        date: dateOf(partition),
        state: 'absent',
        expected_rows: expected[at] ?? null,
        fetched_rows: 0,
        fetched_at: null,
        asked_again: true,
      });
  for (const { short_answers, ...row } of ledger) {
    const entry = { ...row, short_answers, fetched_at: row.fetched_at.getTime() };
    views.set(row.partition, {
      ...row,
      date: dateOf(row.partition),
      expected_rows: row.expected_rows ?? views.get(row.partition)?.expected_rows ?? null,
      asked_again: isAskedAgain({ ...entry, given_up: givenUp.has(row.partition) }, now),
    });
  }
  return [...views.values()].toSorted((a, b) => (a.partition < b.partition ? -1 : 1));
}

/** Long after a short answer as well: the pause between two answers only puts it off. */
function isAskedAgain(entry: LedgerEntry, now: Date): boolean {
  return mayBeAskedAgain({ ...entry, fetched_at: 0 }, now);
}

/** Whether a partition lies in a span of days; one that is no time is in every span. */
export function liesIn({ date }: PartitionView, from = '', to = '99999999'): boolean {
  return date === null || (date >= from.slice(0, date.length) && date <= to.slice(0, date.length));
}

/** Gaps that follow each other, told as one. */
export interface Gap {
  state: PartitionState;
  /** Partitions; the same where it is only one. */
  first: string;
  last: string;
  partitions: number;
  expected_rows: number | null;
  fetched_rows: number;
  asked_again: boolean;
}

/** The gaps of partitions in order: days (months, years) of the same state without another one between them are one. */
export function gapsOf(partitions: readonly PartitionView[]): Gap[] {
  const gaps: Gap[] = [];
  let previous: PartitionView | undefined;
  for (const view of partitions) {
    if (GAP_STATES.includes(view.state)) {
      const gap = previous && joins(previous, view) ? gaps.at(-1) : undefined;
      if (gap) extend(gap, view);
      else gaps.push(gapOf(view));
    }
    previous = view;
  }
  return gaps;
}

const prefixOf = ({ partition, date }: PartitionView): string => partition.slice(0, -(date?.length ?? 0));

function joins(a: PartitionView, b: PartitionView): boolean {
  const bothTimes = a.date !== null && b.date !== null;
  return bothTimes && a.state === b.state && a.asked_again === b.asked_again && prefixOf(a) === prefixOf(b);
}

const gapOf = ({ partition, state, expected_rows, fetched_rows, asked_again }: PartitionView): Gap => ({
  state,
  first: partition,
  last: partition,
  partitions: 1,
  expected_rows,
  fetched_rows,
  asked_again,
});

function extend(gap: Gap, { partition, expected_rows, fetched_rows }: PartitionView): void {
  gap.last = partition;
  gap.partitions += 1;
  gap.fetched_rows += fetched_rows;
  gap.expected_rows =
    gap.expected_rows === null || expected_rows === null ? null : gap.expected_rows + expected_rows;
}

/** How many partitions are in each state. */
export type StateCounts = Record<PartitionState, number>;

export interface MonthSum extends StateCounts {
  /** 1 to 12; null: partitions that are whole years. */
  month: number | null;
  partitions: number;
  rows: number;
}

export interface YearSum {
  year: number;
  months: MonthSum[];
}

export function countStates(partitions: readonly PartitionView[]): StateCounts {
  const counts = Object.fromEntries(PARTITION_STATES.map((state) => [state, 0])) as StateCounts;
  for (const { state } of partitions) counts[state] += 1;
  return counts;
}

/** Sums by year and month, in order: a heatmap reads them. Partitions that are no time don't count. */
export function sumByMonth(partitions: readonly PartitionView[]): YearSum[] {
  const byMonth = Map.groupBy(
    partitions.filter(({ date }) => date !== null),
    ({ date }) => (date as string).slice(0, 6),
  );
  const months = [...byMonth].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const byYear = Map.groupBy(months, ([month]) => month.slice(0, 4));
  return [...byYear].map(([year, ofYear]) => ({
    year: Number(year),
    months: ofYear.map(([month, views]) => ({
      month: month.length === 6 ? Number(month.slice(4)) : null,
      partitions: views.length,
      rows: views.reduce((sum, view) => sum + view.fetched_rows, 0),
      ...countStates(views),
    })),
  }));
}
