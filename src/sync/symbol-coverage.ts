/** The days of one code: which have a row, which it was suspended on, which lack one. Pure. */
import type { PartitionState } from './coverage-view.ts';

/** suspended: no row, as it should be; missing: the day was fetched without it; absent: the day was never asked for. */
export const SYMBOL_STATES = ['present', 'suspended', 'missing', 'absent'] as const;
export type SymbolState = (typeof SYMBOL_STATES)[number];
export type SymbolCounts = Record<SymbolState, number>;

export interface SymbolMonth extends SymbolCounts {
  /** YYYYMM. */
  month: string;
}

/** Days that follow each other and have no row though they should. */
export interface SymbolGap {
  state: 'missing' | 'absent';
  first: string;
  last: string;
  days: number;
}

export interface SymbolCoverage {
  counts: SymbolCounts;
  months: SymbolMonth[];
  gaps: SymbolGap[];
}

/**
 * @param days those that it should have, in order
 * @param ledger what is known of each day of the dataset; a day that failed was not fetched
 */
export function symbolCoverage(
  days: readonly string[],
  present: ReadonlySet<string>,
  suspended: ReadonlySet<string>,
  ledger: ReadonlyMap<string, PartitionState>,
): SymbolCoverage {
  const months = new Map<string, SymbolMonth>();
  const counts = noDays();
  const gaps: SymbolGap[] = [];
  let previous: SymbolState | undefined;
  for (const day of days) {
    const state = stateOf(day, present, suspended, ledger);
    const month = day.slice(0, 6);
    const sums = months.get(month) ?? { month, ...noDays() };
    months.set(month, sums);
    sums[state] += 1;
    counts[state] += 1;
    if (state === 'missing' || state === 'absent') {
      const gap = previous === state ? gaps.at(-1) : undefined;
      if (gap) Object.assign(gap, { last: day, days: gap.days + 1 });
      else gaps.push({ state, first: day, last: day, days: 1 });
    }
    previous = state;
  }
  return { counts, months: [...months.values()], gaps };
}

const noDays = (): SymbolCounts => ({ present: 0, suspended: 0, missing: 0, absent: 0 });

function stateOf(
  day: string,
  present: ReadonlySet<string>,
  suspended: ReadonlySet<string>,
  ledger: ReadonlyMap<string, PartitionState>,
): SymbolState {
  if (present.has(day)) return 'present';
  if (suspended.has(day)) return 'suspended';
  const known = ledger.get(day);
  return known === undefined || known === 'failed' ? 'absent' : 'missing';
}
