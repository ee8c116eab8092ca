/** What limits one API besides the token: calls a minute and a day, as the catalogue documents or the settings say. */
import { commaList } from '../comma-list.ts';
import type { Config } from '../config.ts';
import { ConfigError } from '../errors.ts';

/** What a dataset's declaration says of its API. */
export interface DocumentedApi {
  name: string;
  /** None: it asks no API. */
  api_name?: string | undefined;
  calls_per_minute?: number | null | undefined;
  calls_per_day?: number | null | undefined;
}

export interface ApiLimits {
  /** Calls in any trailing window; null: only what holds for all. */
  windowOf(api_name: string): { calls: number; windowMs: number } | null;
  /** Calls a day in Shanghai; null: no quota. */
  quotaOf(api_name: string): number | null;
}

export const NO_API_LIMITS: ApiLimits = { windowOf: () => null, quotaOf: () => null };

export const MINUTE_MS = 60_000;
const QUOTA = /^([a-z][a-z0-9_]*|\*)=(\d{1,9})$/;

/**
 * The limits of every API: the lowest that is documented counts, and TUSHARE_DAILY_QUOTA goes before the catalogue.
 * @throws ConfigError for a TUSHARE_DAILY_QUOTA that can't be read
 */
export function apiLimits(
  datasets: Iterable<DocumentedApi>,
  config: Pick<Config, 'TUSHARE_DAILY_QUOTA'>,
): ApiLimits {
  const perMinute = new Map<string, number>();
  const perDay = new Map<string, number>();
  for (const { api_name, calls_per_minute, calls_per_day } of datasets) {
    if (!api_name) continue;
    noteLowest(perMinute, api_name, calls_per_minute);
    noteLowest(perDay, api_name, calls_per_day);
  }
  const given = quotasOf(config.TUSHARE_DAILY_QUOTA);
  return {
    windowOf(api_name) {
      const calls = perMinute.get(api_name);
      return calls === undefined ? null : { calls, windowMs: MINUTE_MS };
    },
    quotaOf: (api_name) => given.get(api_name) ?? given.get('*') ?? perDay.get(api_name) ?? null,
  };
}

/** `daily=100000,stock_basic=8000,*=50000` @throws ConfigError */
function quotasOf(setting: string): Map<string, number> {
  return new Map(
    commaList(setting).map((entry) => {
      const [, api_name, calls] = QUOTA.exec(entry) ?? [];
      if (!api_name) {
        const want = 'entries like daily=100000 or *=100000, separated by commas';
        throw new ConfigError(`TUSHARE_DAILY_QUOTA must be ${want}.`);
      }
      return [api_name, Number(calls)] as const;
    }),
  );
}

function noteLowest(limits: Map<string, number>, api_name: string, limit: number | null | undefined): void {
  if (limit) limits.set(api_name, Math.min(limit, limits.get(api_name) ?? limit));
}
