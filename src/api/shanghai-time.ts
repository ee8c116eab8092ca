/** Moments as /scheduler writes them: ISO 8601 in Shanghai, +08:00 (contract). */

const OFFSET_MS = 8 * 3_600_000;

/** @param at ms since the epoch */
export function shanghaiIso(at: number | Date): string {
  return new Date(Number(at) + OFFSET_MS).toISOString().replace('Z', '+08:00');
}

export const shanghaiIsoOrNull = (at: number | Date | null): string | null =>
  at === null ? null : shanghaiIso(at);
