/** What a dataset can be asked for. Pure. */
import type { TaskMode } from '../queue/task.ts';
import type { Dataset } from './dataset.ts';

/** The modes of a dataset; the first one is meant when a submission names none. */
export function modesOf(dataset: Dataset): readonly TaskMode[] {
  if (dataset.runner !== undefined) return dataset.modes;
  const { fetch, increments = [] } = dataset;
  if (hasDates(fetch.by)) return ['history', 'backfill', 'incremental'];
  if (fetch.by === 'year' || increments.length > 0) return ['full', 'incremental'];
  return ['full'];
}

/** Whether a submission can name days: all of them, a range, or a list. */
export const hasDates = (by: string): boolean =>
  ['trade_date', 'calendar_date', 'period', 'month'].includes(by);
