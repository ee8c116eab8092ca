/** Reads on in a list that is searched a part at a time, as people want to see it: a page that is full. */

export interface FoundPage<Entry> {
  entries: Entry[];
  /** Where to go on; null: nothing is left. */
  next_cursor: string | null;
  /** Entries that were looked through. */
  looked_at: number;
}

/**
 * Reads on until there are `wanted`, nothing is left, or `answers_at_most` were read: each has looked through 1,000 at most.
 * @param ask one answer: so many entries at most, from a cursor on
 * @param from next_cursor of what was read before; undefined: from the newest
 */
export async function searchBack<Entry>(
  ask: (limit: number, cursor: string | undefined) => Promise<FoundPage<Entry>>,
  { wanted, answers_at_most, from }: { wanted: number; answers_at_most: number; from: string | undefined },
): Promise<FoundPage<Entry>> {
  const found: FoundPage<Entry> = { entries: [], next_cursor: from ?? null, looked_at: 0 };
  for (let answers = 0; answers < answers_at_most && found.entries.length < wanted; answers += 1) {
    const page = await ask(wanted - found.entries.length, found.next_cursor ?? undefined);
    found.entries.push(...page.entries);
    found.looked_at += page.looked_at;
    found.next_cursor = page.next_cursor;
    if (page.next_cursor === null) break;
  }
  return found;
}
