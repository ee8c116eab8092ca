/** How many rows a partition usually has, where nothing says how many it has. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { daysFromTo } from '../datasets/dates.ts';
import { startOf } from './unit.ts';

/** The day that `expected.about` of the declarations speaks of. */
const ABOUT_DAY = '20260101';

/**
 * As many as `expected.about` says; of a day before, where the dataset grew from `about_at_start` on, so many as a
 * straight line between the two has. Markets grew slowest at first, so that the line is above them: a guess that is too
 * high fills a call less, one that is too low costs a split.
 * @param partition whose name ends with a day, where the dataset grew
 * @returns null: not known
 */
export function usualRows(dataset: TableDataset, partition: string): number | null {
  const { about, about_at_start } = dataset.expected ?? {};
  if (about === undefined || about_at_start === undefined) return about ?? null;
  const start = startOf(dataset);
  const share = (daysFromTo(start, partition.slice(-8)) - 1) / (daysFromTo(start, ABOUT_DAY) - 1);
  return Math.round(about_at_start + (about - about_at_start) * Math.min(1, Math.max(0, share)));
}
