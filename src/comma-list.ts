/** The parts of a setting that holds several, separated by commas; empty ones don't count. */
export function commaList(setting: string): string[] {
  return setting
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
