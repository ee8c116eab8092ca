/**
 * What a run says of itself (errors, progress, reasons), made fit to leave its thread: bounded here, since a text of
 * hundreds of megabytes would end the supervisor and everybody's tasks, not the task that says it.
 */
import type { Config } from '../src/config.ts';
import { boundText, ERROR_DETAIL_LENGTH } from '../src/queue/bounded-text.ts';
import { redactor } from '../src/redact.ts';

/** What stands behind this many UTF-16 units is not looked at: it would not be stored. */
const LOOKED_AT = 64 * 1024;

/** @returns a function that gives at most 8,000 UTF-16 units of a text, without secrets and project paths */
export function spokenBy(config: Config): (text: string) => string {
  const redact = redactor(config);
  return (text) => boundText(redact(text.slice(0, LOOKED_AT)), ERROR_DETAIL_LENGTH);
}
