/** When a failed attempt may be repeated (R46, D7). */

/** The pause can't grow past this, in ms. */
export const LONGEST_PAUSE_MS = 600_000;

/**
 * Exponential backoff with full jitter: anywhere between nothing and base × 2^attempt, so that tasks which
 * failed together don't come back together.
 * @param attempt attempts that had ended before this one.
 * @param baseMs TASK_RETRY_BASE_SECONDS in ms.
 * @param atLeastMs what TuShare asked for, if it did.
 * @returns ms until the next attempt may start.
 */
export function retryDelayMs(
  attempt: number,
  baseMs: number,
  atLeastMs: number | null,
  random = Math.random,
): number {
  const ceiling = Math.min(LONGEST_PAUSE_MS, baseMs * 2 ** attempt);
  return Math.round((atLeastMs ?? 0) + random() * ceiling);
}
