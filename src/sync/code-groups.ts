/** The groups of codes by which days are fetched, each as full as one call may be. Pure. */

/** A stock with the days on which it is listed. */
export interface Listing {
  ts_code?: string;
  /** YYYYMMDD, the first day with rows. */
  list_date: string;
  /** The first day without; null: still listed. */
  delist_date: string | null;
}

/** A stock with its code. */
export type ListedCode = Listing & { ts_code: string };

/**
 * A stretch of the codes in their order, so that whatever code turns up later lies in one of the groups of a block:
 * from `from` on ('' in the first group), up to but without `before` (null in the last one).
 */
export interface CodeRange {
  from: string;
  before: string | null;
}

/**
 * @param listings in the order of their codes
 * @param days the block's, in order
 * @param capacity rows of one call at most, while every listed stock has one each day
 * @param batch codes of one call at most
 * @returns groups that hold every code there may be; the calls are as many as there are groups
 */
export function codeGroups(
  listings: readonly ListedCode[],
  days: readonly string[],
  capacity: number,
  batch: number,
): CodeRange[] {
  const groups: CodeRange[] = [];
  let from = '';
  let rows = 0;
  let codes = 0;
  for (const listing of listings) {
    const { first, end } = daysListed(listing, days);
    if (first >= end) continue;
    const own = end - first;
    if (codes > 0 && (rows + own > capacity || codes === batch)) {
      groups.push({ from, before: listing.ts_code });
      [from, rows, codes] = [listing.ts_code, 0, 0];
    }
    rows += own;
    codes++;
  }
  groups.push({ from, before: null });
  return groups;
}

/** Days over which a suspension lasts, seen from one of its days: long ones are met more often. */
const SUSPENDED_TOGETHER_DAYS = 20;
/** How far from the usual a group may be, in standard deviations: one of a hundred groups is further. */
const DEVIATIONS = 2.25;

/**
 * Rows that a group may be made for, where a share of the stocks has none because it is suspended. Groups differ by
 * chance, the more the longer suspensions last, and one that is cut off costs two calls more: so less than the share is
 * counted on, and of a small one (0.3 % in 2025) nothing.
 * @param cap rows of one call at most
 * @param suspended share of the listed stocks, 0 to 1
 */
export function capacityOf(cap: number, suspended: number): number {
  const deviation = Math.sqrt((suspended * SUSPENDED_TOGETHER_DAYS) / cap);
  const certain = Math.min(0.5, Math.max(0, suspended - DEVIATIONS * deviation));
  return Math.floor(cap / (1 - certain));
}

/** A code with the indexes of the first of some days on which it is listed, and of the first one after. */
export interface CodeDays {
  ts_code: string;
  first: number;
  end: number;
}

/** The codes of a group that are listed on one of the days, in order. */
export function codesIn(
  { from, before }: CodeRange,
  listings: readonly ListedCode[],
  days: readonly string[],
): CodeDays[] {
  return listings
    .filter(({ ts_code }) => ts_code >= from && (before === null || ts_code < before))
    .map((listing) => ({ ts_code: listing.ts_code, ...daysListed(listing, days) }))
    .filter(({ first, end }) => first < end);
}

/** Stocks that have a code, in the order of the codes. */
export function byCode(listings: readonly Listing[]): ListedCode[] {
  return listings
    .filter((listing): listing is ListedCode => listing.ts_code !== undefined)
    .toSorted((a, b) => (a.ts_code < b.ts_code ? -1 : 1));
}

function daysListed({ list_date, delist_date }: Listing, days: readonly string[]): Omit<CodeDays, 'ts_code'> {
  const end = delist_date === null ? days.length : notBefore(days, delist_date);
  return { first: notBefore(days, list_date), end };
}

/** Index of the first day that is not before the date. */
function notBefore(days: readonly string[], date: string): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] as string) < date) low = middle + 1;
    else high = middle;
  }
  return low;
}
