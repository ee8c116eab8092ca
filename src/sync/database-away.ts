/**
 * No connection to Postgres came about: it restarts, or DATABASE_URL is wrong. Nothing was tried, so no attempt is used:
 * a password that is rotated must not fail a whole backlog. What a person has to correct stands in the message.
 */

/** Until such a task looks again, in ms: a restart takes seconds, a fail-over a minute or two. */
const LOOK_AGAIN_MS = 5_000;

/** A connection could not be made. The task goes back to the queue until `until` (ms since the epoch). */
export class DatabaseAway extends Error {
  override readonly name = 'DatabaseAway';
  readonly until = Date.now() + LOOK_AGAIN_MS;
}
