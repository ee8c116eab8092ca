import { logPrice, mix, unit } from './noise.ts';
import type { RowText } from './row-text.ts';

/** What stays the same about a stock's bars. */
export interface Character {
  readonly seed: number;
  /** 1 for the main board: how far prices swing. */
  readonly liveliness: number;
  /** The price it swings around, in fen (1/100 yuan). */
  readonly baseFen: number;
  readonly floatShares: number;
}

/** Base price 8 to 72 yuan and 100 million to 5 billion shares, the lower ones more often. */
export function character(seed: number, liveliness: number): Character {
  return {
    seed,
    liveliness,
    baseFen: 800 * 9 ** unit(seed, 0, 61),
    floatShares: 1e8 * 50 ** unit(seed, 0, 63),
  };
}

/** The close in fen of the n-th day a stock trades, counted from 0. */
export function closeFen({ seed, liveliness, baseFen }: Character, n: number): number {
  return Math.round(baseFen * Math.exp(liveliness * logPrice(seed, n)));
}

/** Shares that change hands on the n-th day a stock trades: 0.2 to 5 per cent of those that float. */
export function sharesTraded({ seed, floatShares }: Character, n: number): number {
  const dice = mix(seed, n, 62);
  const b = (dice >>> 8) & 255;
  const d = dice >>> 24;
  return Math.round(floatShares * (0.002 + (0.05 * d * b) / 65_025));
}

/**
 * Writes one row of `daily`. Prices have 2 decimals, pct_chg 4, vol (lots of 100 shares) 2, amount (thousand yuan) 3.
 * pre_close is the close of the stock's trading day before; on the first day it is the issue price.
 * @param head the row's beginning: ["ts_code","trade_date"
 * @param tradedBefore days the stock has traded before this one
 */
export function writeBar(
  into: RowText,
  head: readonly [string, string],
  stock: Character,
  tradedBefore: number,
  limitPercent: number,
): void {
  const { seed, liveliness } = stock;
  const close = closeFen(stock, tradedBefore);
  const first = tradedBefore === 0;
  const dice = mix(seed, tradedBefore, 62);
  const a = dice & 255;
  const b = (dice >>> 8) & 255;
  const c = (dice >>> 16) & 255;
  const d = dice >>> 24;
  const previous = first ? Math.round(close / (1 + a / 600)) : closeFen(stock, tradedBefore - 1);
  const up = first ? Infinity : Math.round((previous * (100 + limitPercent)) / 100);
  const down = first ? 1 : Math.round((previous * (100 - limitPercent)) / 100);
  const open = clamp(Math.round(previous * (1 + (liveliness * (a - 127.5)) / 12_750)), down, up);
  const high = clamp(Math.round(Math.max(open, close) * (1 + (liveliness * b) / 17_000)), down, up);
  const low = clamp(Math.round(Math.min(open, close) * (1 - (liveliness * c) / 17_000)), down, up);
  // In hundredths of a lot, which are shares.
  const volume = sharesTraded(stock, tradedBefore);
  // Shares times an average price in fen / 100 is yuan: thousandths of a thousand.
  const amount = Math.round((volume * (low + high + 2 * close)) / 400);

  into.startRow();
  into.ascii(head[0]);
  into.ascii(head[1]);
  into.decimal(open, 2);
  into.decimal(high, 2);
  into.decimal(low, 2);
  into.decimal(close, 2);
  // Some of Beijing's first rows really lack what refers to the day before.
  if (first && limitPercent === 30 && d < 64) {
    into.ascii(',null,null,null');
  } else {
    into.decimal(previous, 2);
    into.decimal(close - previous, 2);
    into.decimal(Math.round(((close - previous) / previous) * 1e6), 4);
  }
  into.decimal(volume, 2);
  into.decimal(amount, 3);
  into.ascii(']');
  into.endRow();
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
