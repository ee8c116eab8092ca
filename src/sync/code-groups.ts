/** The groups of codes by which a block of days is fetched, each as full as one call may be. Pure. */

/** A stock with the days on which it is listed. */
export interface Listing {
  ts_code?: string;
  /** YYYYMMDD, the first day with rows. */
  list_date: string;
  /** The first day without; null: still listed. */
  delist_date: string | null;
}

/**
 * @param days the block's, in order
 * @param capacity rows of one call at most
 * @param batch codes of one call at most
 * @returns codes that are listed on one of the days, in groups; the calls are as many as there are groups
 */
export function codeGroups(
  listings: readonly Listing[],
  days: readonly string[],
  capacity: number,
  batch: number,
): string[][] {
  const groups: string[][] = [];
  let room = 0;
  let group: string[] = [];
  for (const listing of listings) {
    if (listing.ts_code === undefined) continue;
    const rows = daysListed(listing, days);
    if (rows === 0) continue;
    if (groups.length === 0 || rows > room || group.length >= batch) {
      group = [];
      groups.push(group);
      room = capacity;
    }
    group.push(listing.ts_code);
    room -= rows;
  }
  return groups;
}

function daysListed({ list_date, delist_date }: Listing, days: readonly string[]): number {
  const first = days[0] as string;
  const last = days.at(-1) as string;
  if (list_date > last || (delist_date !== null && delist_date <= first)) return 0;
  if (list_date <= first && (delist_date === null || delist_date > last)) return days.length;
  return days.filter((day) => day >= list_date && (delist_date === null || day < delist_date)).length;
}
