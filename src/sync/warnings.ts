/** What a run is told before it begins, where it can do less than it was asked for. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';
import { hasDates } from '../datasets/modes.ts';
import type { TaskMode } from '../queue/task.ts';
import type { Market } from './plan.ts';

/** Sentences about an incremental run without a calendar (D23), or without anything that is stored (R105). */
export function warningsOf(dataset: TableDataset, mode: TaskMode, market: Market | null): string[] {
  const { by } = dataset.fetch;
  if (mode !== 'incremental' || !hasDates(by) || dataset.increments?.length) return [];
  const warnings: string[] = [];
  if (by === 'trade_date' && !market?.calendar)
    warnings.push(
      'The trading calendar is empty, so every day from Monday to Friday counts as a trading day; submit trade_cal full.',
    );
  if (!market?.ledger?.size)
    warnings.push(
      `Nothing of ${dataset.name} is known to be stored, so only the newest days were asked for; submit ${dataset.name} history for those before.`,
    );
  return warnings;
}
