import { mix, unit } from './noise.ts';

/**
 * Suspensions come in runs: every block of 64 trading days holds at most one run of a stock, placed by its hash. So
 * whether a stock traded on a day needs only that day's block, and the days it traded before only a sum over blocks.
 * Each stock's blocks begin at another day, or the market would be suspended in waves.
 */
export const BLOCK_DAYS = 64;

/** Chance that a block holds a run. With runs of 8.8 days on average: about 3.7 % of stock-days, 8 % in 2015. */
const CHANCE = 0.27;
const CHANCE_2015 = 0.85;

export interface Run {
  /** The run's first day, counted from the start of its block. */
  readonly start: number;
  readonly days: number;
}

/** The suspension of a stock inside a block, or null. `year` is that of the block's first day. */
export function suspensionIn(stockSeed: number, block: number, year: string): Run | null {
  if (unit(stockSeed, block, 51) >= (year === '2015' ? CHANCE_2015 : CHANCE)) return null;
  const kind = unit(stockSeed, block, 52);
  const within = unit(stockSeed, block, 53);
  // Mostly a few days (news), sometimes weeks (restructuring), seldom most of a quarter.
  const days =
    kind < 0.6
      ? 1 + Math.floor(within * 4)
      : kind < 0.9
        ? 5 + Math.floor(within * 16)
        : 21 + Math.floor(within * 30);
  return { start: mix(stockSeed, block, 54) % (BLOCK_DAYS - days + 1), days };
}
