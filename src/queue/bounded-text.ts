/** Bounds free text before it enters Redis, so that one long stack can't fill a page or a database (D24). */

/** Longest `error_message`, in UTF-16 units. */
export const ERROR_MESSAGE_LENGTH = 2000;
/** Longest `error_detail`. */
export const ERROR_DETAIL_LENGTH = 8000;
/** Longest `progress_message` and reason of a hand-back. */
export const PROGRESS_MESSAGE_LENGTH = 500;

/**
 * At most `length` UTF-16 units of `text`, as valid UTF-8: no half characters (lone surrogates become U+FFFD, a
 * pair is never cut) and no NUL, which Postgres refuses. A cut text ends in `…`.
 */
export function boundText(text: string, length: number): string {
  const whole = text.replaceAll('\0', '\uFFFD').toWellFormed();
  if (whole.length <= length) return whole;
  const cut = whole.slice(0, length - 1);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
