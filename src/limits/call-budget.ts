/** How long calls take under the present limits: the window, an API's own one, the calls of a day. Pure. */
import { shanghaiClock } from '../datasets/dates.ts';
import type { ApiLimits } from './api-limits.ts';
import type { LimitsView, PoolView } from './limits-view.ts';

const DAY_MINUTES = 1440;

/**
 * Minutes until all calls are made when nobody else asks: the longest of what each limit makes them wait. A first
 * window takes no time; a quota that ends today goes on at midnight in Shanghai.
 * @param calls how many, by API
 */
export function minutesFor(
  calls: ReadonlyMap<string, number>,
  view: Pick<LimitsView, 'scope' | 'pools' | 'quotas'>,
  general: { calls: number; window_seconds: number },
  apiLimits: ApiLimits,
  now: Date,
): number {
  const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
  const pool = (kind: PoolView['kind'], api_name: string | null) =>
    view.pools.find((one) => one.kind === kind && one.api_name === api_name);
  const open = { limit: general.calls, free: general.calls, window_seconds: general.window_seconds };
  const waits = view.scope === 'token' ? [windowMinutes(all, pool('token', null) ?? open)] : [];
  for (const [api_name, count] of calls) {
    if (view.scope === 'api') waits.push(windowMinutes(count, pool('api', api_name) ?? open));
    const own = apiLimits.windowOf(api_name);
    if (own)
      waits.push(
        windowMinutes(
          count,
          pool('documented', api_name) ?? {
            limit: own.calls,
            free: own.calls,
            window_seconds: own.windowMs / 1000,
          },
        ),
      );
    const quota = apiLimits.quotaOf(api_name);
    const used = view.quotas.find((one) => one.api_name === api_name)?.calls_today ?? 0;
    if (quota !== null) waits.push(quotaMinutes(count, quota, quota - used, now));
  }
  return Math.max(0, ...waits);
}

function windowMinutes(
  calls: number,
  { limit, free, window_seconds }: Pick<PoolView, 'limit' | 'free' | 'window_seconds'>,
): number {
  return (Math.max(0, calls - free) / Math.max(1, limit)) * (window_seconds / 60);
}

function quotaMinutes(calls: number, quota: number, left: number, now: Date): number {
  const over = calls - Math.max(0, left);
  if (over <= 0) return 0;
  const [hours = 0, minutes = 0] = shanghaiClock(now).time.split(':').map(Number);
  const untilMidnight = DAY_MINUTES - hours * 60 - minutes;
  return untilMidnight + (Math.ceil(over / Math.max(1, quota)) - 1) * DAY_MINUTES;
}
