/** Postgres takes no connections at the moment (a restart, a fail-over): nothing was tried, so no attempt is used. */

/** Until a task that found Postgres away looks again, in ms: a restart takes seconds, a fail-over a minute or two. */
const LOOK_AGAIN_MS = 5_000;

/** A connection could not be made. The task goes back to the queue until `until` (ms since the epoch). */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
  readonly until = Date.now() + LOOK_AGAIN_MS;
}

/** Nobody listens; too many connections (53300); starting up, shutting down or recovering (57P03). */
const AWAY_CODES: readonly unknown[] = ['ECONNREFUSED', '53300', '57P03'];

/**
 * Whether an error says that a connection was refused. One that was made and broke is none of these: then work was
 * under way, and an attempt has ended.
 */
export function isDatabaseAway(error: unknown): boolean {
  return AWAY_CODES.includes((error as { code?: unknown } | null)?.code);
}
