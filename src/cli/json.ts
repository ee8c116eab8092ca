/** `--json`: what the API answered, for programs. */

export interface Shown {
  /** The answer as JSON instead of words. */
  json?: boolean;
}

/** @returns exit code 0 */
export function printJson(answer: unknown): number {
  console.log(JSON.stringify(answer, null, 2));
  return 0;
}
