/** The states of a partition as they are coloured: told apart also by people who are colour-blind (test/dashboard). */
import type { CoverageGridRow } from '../../../api/coverage-grid.ts';

export type State = keyof CoverageGridRow['undated'];
/** From the bottom of a cell to its top: what is there, then what is not. */
export const STATES = ['complete', 'empty_confirmed', 'partial', 'missing', 'failed', 'absent'] as const;

type Palette = Record<State, string>;
export const PALETTES: Record<'light' | 'dark', Palette> = {
  light: {
    complete: '#2f7fc1',
    empty_confirmed: '#8abbe8',
    partial: '#f2b705',
    missing: '#d9480f',
    failed: '#5c0a3c',
    absent: '#e3e6ea',
  },
  dark: {
    complete: '#3d8fd1',
    empty_confirmed: '#164a7d',
    partial: '#ffd43b',
    missing: '#e8590c',
    failed: '#ffffff',
    absent: '#3a3d42',
  },
};

/** Numbers of partitions by state, of some columns together. */
export type Sums = Record<State, number>;

export function sumOf(row: CoverageGridRow, first: number, last: number): Sums {
  const sums = Object.fromEntries(STATES.map((state) => [state, 0])) as Sums;
  for (const state of STATES) {
    const counts = row.counts[state];
    if (counts) for (let at = first; at <= last; at += 1) sums[state] += counts[at] ?? 0;
  }
  return sums;
}

export const totalOf = (sums: Sums): number => STATES.reduce((total, state) => total + sums[state], 0);

/** Whether a row has no days: a list as a whole, or codes. */
export const isUndated = ({ dated, counts, undated }: CoverageGridRow): boolean =>
  Object.keys(counts).length === 0 && (!dated || totalOf(undated) > 0);

/** Of a row without days; nobody knows how many partitions one that was never fetched will have. */
export const wholeOf = ({ undated }: CoverageGridRow): Sums =>
  totalOf(undated) > 0 ? undated : { ...undated, absent: 1 };
