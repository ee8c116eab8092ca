/** Months of the coverage as cells, and the range that two of them span. */
import type { CoverageAnswer } from '../../api/types.ts';

export type Month = CoverageAnswer['years'][number]['months'][number];

/** What may be missing of a month, from 0 (nothing is there) to 1; null: nothing is expected. */
export function share({ partitions, complete, empty_confirmed }: Month): number | null {
  return partitions === 0 ? null : (complete + empty_confirmed) / partitions;
}

/** A month as a number that can be compared: 202601. */
export const monthNumber = (year: number, month: number): number => year * 100 + month;

/** The first and the last day of what lies between two months, whichever is first. As YYYYMMDD. */
export function spanOf(a: number, b: number): { start_date: string; end_date: string } {
  const [first, last] = a < b ? [a, b] : [b, a];
  const days = new Date(Date.UTC(Math.floor(last / 100), last % 100, 0)).getUTCDate();
  return { start_date: `${first}01`, end_date: `${last}${String(days).padStart(2, '0')}` };
}
