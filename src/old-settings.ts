/** Settings of the systems before Dayline that no longer do anything: whoever still sets one is told. */

const GONE: Readonly<Record<string, string>> = {
  TUSHARE_MIN_INTERVAL:
    'a fixed pause between calls is replaced by the call window (TUSHARE_RATE_LIMIT_MAX_CALLS in TUSHARE_RATE_LIMIT_WINDOW_SECONDS)',
};

/** One sentence for each that is set (D2). */
export function oldSettings(env: Record<string, string | undefined> = process.env): string[] {
  return Object.entries(GONE)
    .filter(([name]) => env[name]?.trim())
    .map(([name, why]) => `${name} is set and has no effect: ${why}. Remove it.`);
}
