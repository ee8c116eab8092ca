/** How a dataset of the freshness board stands, and how that looks. */
import type { FreshnessRow } from '../../api/data.ts';

/** As the API has it, and one more: what was never fetched is behind by all its days, but nothing has failed. */
export type State = FreshnessRow['state'] | 'never';

export const stateOf = ({ state, latest, fetched_at }: FreshnessRow): State =>
  (state === 'behind' && latest === null) || (state === 'snapshot' && fetched_at === null) ? 'never' : state;

export const COLORS: Record<State, string> = {
  behind: 'red',
  late: 'orange',
  never: 'blue',
  due: 'gray',
  in: 'green',
  snapshot: 'gray',
};
/** What needs somebody stands first. */
export const ORDER = Object.keys(COLORS) as State[];
/** A dot is no word: each state has a sign of its own beside its colour. */
export const SIGNS: Record<State, string> = {
  behind: '✕',
  late: '!',
  never: '+',
  due: '○',
  in: '✓',
  snapshot: '–',
};
