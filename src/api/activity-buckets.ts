/** A span of time cut into minutes, hours or days of Shanghai. */
import type { Span } from '../store/activity.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Days begin at midnight in Shanghai, UTC+8 (no daylight saving since 1991). */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;

export const BUCKETS = ['minute', 'hour', 'day'] as const;
export type Bucket = (typeof BUCKETS)[number];
const LENGTH_MS: Record<Bucket, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

/** As many as a chart can show, and one answer holds: a year of days, two weeks of hours, six hours of minutes. */
export const BUCKETS_AT_MOST = 400;

/** The bucket whose bars can be told apart over so many ms. */
export function bucketFor(ms: number): Bucket {
  if (ms <= 2 * HOUR_MS) return 'minute';
  return ms <= 8 * DAY_MS ? 'hour' : 'day';
}

/** The beginning of the bucket that a moment lies in. */
export function bucketStart(ms: number, bucket: Bucket): number {
  const length = LENGTH_MS[bucket];
  return Math.floor((ms + SHANGHAI_OFFSET_MS) / length) * length - SHANGHAI_OFFSET_MS;
}

/** Buckets from the one that holds the first moment, whole, up to the last moment; null: they are too many. */
export function bucketsOf({ from, to }: Span, bucket: Bucket): Span[] | null {
  const length = LENGTH_MS[bucket];
  const first = bucketStart(from, bucket);
  const count = Math.ceil((to - first) / length);
  if (count > BUCKETS_AT_MOST) return null;
  return Array.from({ length: count }, (_, n) => {
    const start = first + n * length;
    return { from: start, to: Math.min(start + length, to) };
  });
}
