/** All datasets against time: columns of days, weeks or months, and how many partitions of each state lie in each. Pure. */
import { addDays, weekdayOf, weekOf } from '../datasets/dates.ts';
import type { TimeCount } from '../store/ledger-times.ts';
import type { PartitionState } from './coverage-view.ts';
import type { ExpectedTimes } from './expected-times.ts';

export const GRID_STEPS = ['day', 'week', 'month'] as const;
export type GridStep = (typeof GRID_STEPS)[number];

/** Days that stand in one column. */
export interface GridColumn {
  /** What it is called by: the trading day, the Monday, the first of the month. */
  date: string;
  first: string;
  last: string;
}

/** Partitions by state, one number a column; states that no column has are left out. */
export type GridCounts = Partial<Record<PartitionState, number[]>>;

/**
 * The columns from one day to another. A closed day stands in the column of the trading day before it (those before
 * the first one in that one), so that no partition is without a column.
 * @param open trading days; none: every day from Monday to Friday counts as one
 */
export function gridColumns(step: GridStep, from: string, to: string, open: readonly string[]): GridColumn[] {
  const starts = startsOf(step, from, to, open);
  return starts.map((date, index) => {
    const next = starts[index + 1];
    return { date, first: index === 0 ? from : date, last: next ? addDays(next, -1) : to };
  });
}

function startsOf(step: GridStep, from: string, to: string, open: readonly string[]): string[] {
  const [calendarFirst = '99999999', calendarLast = ''] = [open[0], open.at(-1)];
  const known = new Set(open);
  const isOpen = (date: string) =>
    date >= calendarFirst && date <= calendarLast ? known.has(date) : weekdayOf(date) <= 5;
  const starts: string[] = [];
  let previous = '';
  for (let date = from; date <= to; date = addDays(date, 1)) {
    if (begins(step, date, previous, isOpen)) starts.push(date);
    previous = date;
  }
  return starts.length > 0 || from > to ? starts : [from];
}

function begins(step: GridStep, date: string, previous: string, isOpen: (date: string) => boolean): boolean {
  if (step === 'day') return isOpen(date);
  if (previous === '') return true;
  return step === 'month' ? date.slice(0, 6) !== previous.slice(0, 6) : weekOf(date) !== weekOf(previous);
}

/**
 * The row of one dataset. A month or year stands in every column that it touches.
 * @param counts its times in the ledger
 * @param expected null: not known what should be there, nothing is absent then
 */
export function gridRow(
  columns: readonly GridColumn[],
  counts: readonly TimeCount[],
  expected: ExpectedTimes | null,
): GridCounts {
  const row: GridCounts = {};
  const known = new Array<number>(columns.length).fill(0);
  for (const { time, state, partitions } of counts) {
    if (time === null) continue;
    row[state] ??= new Array<number>(columns.length).fill(0);
    add(row[state], columns, time, partitions);
    add(known, columns, time, partitions);
  }
  const wanted = new Array<number>(columns.length).fill(0);
  for (const time of expected?.times ?? []) add(wanted, columns, time, expected?.each ?? 1);
  const absent = wanted.map((count, index) => Math.max(0, count - (known[index] ?? 0)));
  if (absent.some((count) => count > 0)) row.absent = absent;
  return row;
}

/** The first and last day of a time. */
function daysOf(time: string): [first: string, last: string] {
  if (time.length === 8) return [time, time];
  return time.length === 6 ? [`${time}01`, `${time}31`] : [`${time}0101`, `${time}1231`];
}

function add(sums: number[], columns: readonly GridColumn[], time: string, count: number): void {
  const [first, last] = daysOf(time);
  for (let at = columnFrom(columns, first); at < columns.length; at += 1) {
    if ((columns[at] as GridColumn).first > last) return;
    sums[at] = (sums[at] ?? 0) + count;
  }
}

/** The first column that ends on this day or later. */
function columnFrom(columns: readonly GridColumn[], day: string): number {
  let [low, high] = [0, columns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((columns[middle] as GridColumn).last < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
