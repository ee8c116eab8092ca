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
  const groups: { codes: string[]; room: number }[] = [];
  const wanted = listings
    .flatMap(({ ts_code, ...listed }) => (ts_code ? [{ ts_code, rows: daysListed(listed, days) }] : []))
    .filter(({ rows }) => rows > 0)
    .toSorted((a, b) => b.rows - a.rows);
  for (const { ts_code, rows } of wanted) {
    let group = groups.find(({ codes, room }) => rows <= room && codes.length < batch);
    if (!group) {
      group = { codes: [], room: capacity };
      groups.push(group);
    }
    group.codes.push(ts_code);
    group.room -= rows;
  }
  return groups.map(({ codes }) => codes);
}

function daysListed({ list_date, delist_date }: Omit<Listing, 'ts_code'>, days: readonly string[]): number {
  const first = days[0] as string;
  const last = days.at(-1) as string;
  if (list_date > last || (delist_date !== null && delist_date <= first)) return 0;
  if (list_date <= first && (delist_date === null || delist_date > last)) return days.length;
  return days.filter((day) => day >= list_date && (delist_date === null || day < delist_date)).length;
}
