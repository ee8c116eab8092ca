/** What lists of tasks and of executions are asked for alike. */

/** Where a page begins, and how long it is. */
export interface ListPlace {
  /** Only what has a lower sequence: `next` of the page before. */
  before?: number;
  /** Passed over, at their cost; only where nothing but a status is searched for. */
  offset?: number;
  limit?: number;
}

export interface SearchFilter {
  /** What the id begins with. */
  id?: string | undefined;
  /** Submitted at this moment or later, ms by the clock of Redis. */
  from?: number | undefined;
  /** Submitted before this moment, ms. */
  to?: number | undefined;
}
