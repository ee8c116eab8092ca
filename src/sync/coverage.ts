/**
 * The ledger's states, and the rule that gives them. Pure.
 *
 *   complete          all rows that can be expected are stored; or nothing says how many there should be
 *   partial           some rows, fewer than expected: asked again, some time apart, then left and reported
 *   missing           answered without a row although some were expected: asked again likewise
 *   empty_confirmed   missing, and three answers some time apart said the same
 *   failed            could not be fetched; sync_failure_records says why
 * A partition that has no entry was never asked for.
 */
import type { TableDataset } from '../datasets/dataset.ts';

export type CoverageState = 'complete' | 'partial' | 'missing' | 'empty_confirmed' | 'failed';

/** Short answers in a row after which a partition is not asked for again by itself. */
export const SHORT_ANSWERS = 3;
/**
 * Apart from each other, in minutes: sooner ones don't count. TuShare has published a day as late as 20 h, so the
 * answers of one evening say no more than the first of them.
 */
export const SHORT_ANSWERS_APART_MINUTES = 12 * 60;

/**
 * State of a partition by rows fetched and rows expected (null: not known). How many of the expected rows make it
 * complete is the dataset's to say: suspended stocks have no daily bar.
 */
export function coverageState(
  dataset: TableDataset,
  fetched: number,
  expected: number | null,
): Exclude<CoverageState, 'empty_confirmed' | 'failed'> {
  if (fetched === 0) return expected === 0 || dataset.expected?.may_be_empty ? 'complete' : 'missing';
  if (!expected) return 'complete';
  const share = dataset.expected?.complete_from ?? 1;
  return fetched >= share * expected ? 'complete' : 'partial';
}
