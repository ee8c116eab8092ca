/** The rule by which the ledger calls a partition complete, partial or empty. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';

export type CoverageState = 'complete' | 'partial' | 'empty';

/**
 * State of a partition by rows fetched and rows expected; nothing expected (or unknown, null) is complete. How
 * many of the expected rows make it complete is the dataset's to say: suspended stocks have no daily bar.
 */
export function coverageState(
  dataset: TableDataset,
  fetched: number,
  expected: number | null,
): CoverageState {
  if (!expected) return 'complete';
  if (fetched === 0) return 'empty';
  const share = dataset.expected?.complete_from ?? 1;
  return fetched >= share * expected ? 'complete' : 'partial';
}
