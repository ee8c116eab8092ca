/** Calls per minute and API for one token: one number for all, or numbers by API name with '*' for the rest. */
export type PerMinuteLimit = number | Readonly<Record<string, number>>;

const MINUTE_MS = 60_000;

/** The limit that holds for an API; 0 means none. */
export function limitOf(limit: PerMinuteLimit, apiName: string): number {
  return typeof limit === 'number' ? limit : (limit[apiName] ?? limit['*'] ?? 0);
}

/**
 * TuShare's own sliding window: per token and API, on the server's clock. Every call counts, also one that failed,
 * was empty or was refused (waditu/tushare #1703), so a client that hammers stays refused.
 */
export class ServerWindow {
  readonly #calls = new Map<string, number[]>();

  /** Counts a call that arrived at `at` (monotonic ms) and tells whether it is within `limit` calls a minute. */
  admit(token: string, apiName: string, limit: number, at: number): boolean {
    if (limit === 0) return true;
    const key = `${apiName} ${token}`;
    const calls = this.#calls.get(key) ?? [];
    this.#calls.set(key, calls);
    const firstInside = calls.findIndex((call) => call > at - MINUTE_MS);
    calls.splice(0, firstInside === -1 ? calls.length : firstInside);
    calls.push(at);
    return calls.length <= limit;
  }
}
