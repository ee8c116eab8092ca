interface Lockfile {
  packages?: Record<string, Record<string, unknown>>;
}
export function firstDifference(
  wanted: Lockfile,
  installed: Lockfile | undefined,
  options: { dev: boolean; platform?: string; arch?: string },
): string | undefined;
