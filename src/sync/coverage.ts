/** The rule by which the ledger calls a partition complete, partial or empty. Pure. */
import type { TableDataset } from '../datasets/dataset.ts';

export type CoverageState = 'complete' | 'partial' | 'empty';

/**
 * Share of the listed stocks that makes a trading day complete. Suspended stocks have no row: in 2019 the lowest
 * day had 98.2 %, but whole years had 8 to 10 % suspended, and a day that was cut off has far less (332 of 4,668
 * in a recorded answer). The crash of July 2015, with half of the market suspended, shows as partial.
 */
const COMPLETE_TRADE_DATE_SHARE = 0.8;
/** A calendar has every day, or it is not complete. */
const COMPLETE_CALENDAR_SHARE = 1;

/** State of a partition by rows fetched and rows expected; nothing expected (or unknown, null) is complete. */
export function coverageState(
  dataset: TableDataset,
  fetched: number,
  expected: number | null,
): CoverageState {
  if (!expected) return 'complete';
  if (fetched === 0) return 'empty';
  const share = dataset.fetch.by === 'calendar' ? COMPLETE_CALENDAR_SHARE : COMPLETE_TRADE_DATE_SHARE;
  return fetched >= share * expected ? 'complete' : 'partial';
}
