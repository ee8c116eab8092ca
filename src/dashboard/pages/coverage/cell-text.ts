/** A range of cells in words. */
import type { CoverageGrid, CoverageGridRow } from '../../api/data.ts';
import { heatmapWords } from '../../words/heatmap.ts';
import { useWords } from '../../words/language.tsx';
import { dashed } from './span.ts';
import { isUndated, STATES, type Sums, sumOf, totalOf, wholeOf } from './states.ts';

/** The days from one column to another, YYYYMMDD; of one day's column that day, without the closed days after it. */
export function daysOf(grid: CoverageGrid, first: number, last: number): [from: string, to: string] {
  const { date = '' } = grid.columns[first] ?? {};
  if (grid.by === 'day' && first === last) return [date, date];
  return [grid.columns[first]?.first ?? '', grid.columns[last]?.last ?? ''];
}

/** How columns are called: one by its own date, several by their first and last. */
export function whenOf(grid: CoverageGrid, first: number, last: number): string {
  const name = (at: number) => {
    const date = dashed(grid.columns[at]?.date ?? '');
    return grid.by === 'month' ? date.slice(0, 7) : date;
  };
  return first === last ? name(first) : `${name(first)} – ${name(last)}`;
}

/** @returns tells of a row's columns from one to another, whichever comes first */
export function useCellText(grid: CoverageGrid) {
  const t = useWords(heatmapWords);
  const say = (sums: Sums): string => {
    const total = totalOf(sums);
    const parts = STATES.filter((state) => sums[state] > 0).map((state) =>
      t.of(sums[state], total, t.states[state]),
    );
    return parts.join(', ') || t.nothingExpected;
  };
  return (row: CoverageGridRow, a: number, b: number): string => {
    const [first, last] = a < b ? [a, b] : [b, a];
    if (isUndated(row)) return t.cell(row.dataset, t.asWhole, say(wholeOf(row)));
    return t.cell(row.dataset, whenOf(grid, first, last), say(sumOf(row, first, last)));
  };
}
