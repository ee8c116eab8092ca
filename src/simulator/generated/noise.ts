/**
 * Randomness with random access: a number is a pure function of (seed, stock, position), so that any stock's any day
 * can be computed on its own, without the days before it.
 */

/** 32 well-mixed bits from three integers (multipliers of Wellons' "lowbias32"). */
export function mix(a: number, b: number, c: number): number {
  let hash = a ^ Math.imul(b, 0x9e3779b1) ^ Math.imul(c, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A number in [0, 1). */
export function unit(a: number, b: number, c: number): number {
  return mix(a, b, c) / 4_294_967_296;
}

/** Waves of the price path: how many days a swing lasts and how far (in log price) it may go. */
const SWINGS = [
  { days: 4, reach: 0.04 },
  { days: 16, reach: 0.05 },
  { days: 64, reach: 0.12 },
  { days: 256, reach: 0.3 },
  { days: 1024, reach: 0.5 },
] as const;
const DAILY_REACH = 0.015;

/**
 * The log price of a stock on its n-th day of trading, relative to its base. Two days running differ by at most
 * 2 · 0.015 + Σ 2 · reach / days = 0.063, so a stock of liveliness 1 stays inside the 10 % price limit by itself.
 */
export function logPrice(seed: number, day: number): number {
  let sum = DAILY_REACH * (2 * unit(seed, day, 1) - 1);
  for (const { days, reach } of SWINGS) {
    const knot = Math.floor(day / days);
    const left = unit(seed, knot, days);
    const right = unit(seed, knot + 1, days);
    sum += reach * (2 * (left + (right - left) * (day / days - knot)) - 1);
  }
  return sum;
}
