import type { CalendarDay } from '../calendar.ts';
import { type Character, character, writeBar } from './bars.ts';
import { type Listing, listings, priceLimitPercent } from './listings.ts';
import { type Company, company } from './names.ts';
import { mix } from './noise.ts';
import type { RowText } from './row-text.ts';
import { BLOCK_DAYS, type Run, suspensionIn } from './suspensions.ts';
import { writeBasics, writeFactor } from './valuations.ts';

export interface Stock extends Listing {
  readonly seed: number;
  readonly company: Company;
  readonly character: Character;
  /** How each of its rows begins. */
  readonly head: string;
  /** Days traded before each block of 64 days, from the block of its first day on; filled at first use. */
  tradedBefore: Int16Array | null;
}

/**
 * A made-up stock market, the same for the same seed: any stock's any day is computed on its own. The shape is real
 * (calendar, listings and delistings per year and board, price limits, suspensions), the stocks and prices are not.
 */
export class Market {
  readonly openDays: readonly string[];
  readonly stocks: readonly Stock[];
  readonly #byCode: ReadonlyMap<string, Stock>;

  constructor(seed: number, calendar: readonly CalendarDay[]) {
    this.openDays = calendar.filter((day) => day.open).map((day) => day.date);
    this.stocks = listings(seed, this.openDays).map((listing, n) => ({
      ...listing,
      seed: mix(seed, n, 71),
      company: company(seed, n),
      character: character(mix(seed, n, 71), listing.liveliness),
      head: `["${listing.ts_code}","`,
      tradedBefore: null,
    }));
    this.#byCode = new Map(this.stocks.map((stock) => [stock.ts_code, stock]));
  }

  find(ts_code: string): Stock | undefined {
    return this.#byCode.get(ts_code);
  }

  /** Whether a stock is listed, suspended or not, on the day of this index. */
  isListed(stock: Stock, day: number): boolean {
    return stock.firstDay <= day && day < stock.endDay;
  }

  /** Whether it did not trade although it was listed. */
  isSuspended(stock: Stock, day: number): boolean {
    return this.isListed(stock, day) && this.#tradedBefore(stock, day) === null;
  }

  /** Writes the `daily` row of a stock, or nothing when it did not trade on that day. */
  writeBar(into: RowText, stock: Stock, day: number): void {
    const before = this.#tradesOn(stock, day);
    if (before === null) return;
    const limit = priceLimitPercent(stock.board, this.openDays[day] ?? '');
    writeBar(into, this.#head(stock, day), stock.character, before, limit);
  }

  /** Writes its `daily_basic` row, or nothing likewise. */
  writeBasics(into: RowText, stock: Stock, day: number): void {
    const before = this.#tradesOn(stock, day);
    if (before !== null) writeBasics(into, this.#head(stock, day), stock.character, before);
  }

  /** Writes its `adj_factor` row, which suspended stocks have as well. */
  writeFactor(into: RowText, stock: Stock, day: number): void {
    if (this.isListed(stock, day))
      writeFactor(into, this.#head(stock, day), stock.seed, day - stock.firstDay);
  }

  /** How a stock's row of a day begins. */
  #head(stock: Stock, day: number): [string, string] {
    return [stock.head, `${this.openDays[day] ?? ''}"`];
  }

  /** How many days it has traded before this one; null when it does not trade on it, or is not listed. */
  #tradesOn(stock: Stock, day: number): number | null {
    return this.isListed(stock, day) ? this.#tradedBefore(stock, day) : null;
  }

  /** How many days a stock has traded before this one; null when it does not trade on it. */
  #tradedBefore(stock: Stock, day: number): number | null {
    const block = blockOf(stock, day);
    const run = this.#suspensionIn(stock, block);
    const suspendedSince = run ? day - startOf(stock, block) - run.start : -1;
    if (run && suspendedSince >= 0 && suspendedSince < run.days) return null;
    const suspended = run && suspendedSince >= run.days ? run.days : 0;
    return this.#tradedBeforeBlock(stock, block) + daysInto(stock, block, day) - suspended;
  }

  #tradedBeforeBlock(stock: Stock, block: number): number {
    const firstBlock = blockOf(stock, stock.firstDay);
    stock.tradedBefore ??= this.#countBlocks(stock, firstBlock);
    return stock.tradedBefore[block - firstBlock] ?? 0;
  }

  #countBlocks(stock: Stock, firstBlock: number): Int16Array {
    const lastDay = Math.min(stock.endDay, this.openDays.length) - 1;
    const counts = new Int16Array(blockOf(stock, lastDay) - firstBlock + 1);
    for (let n = 1; n < counts.length; n++) {
      const block = firstBlock + n - 1;
      const days = daysInto(stock, block, startOf(stock, block + 1));
      counts[n] = (counts[n - 1] ?? 0) + days - (this.#suspensionIn(stock, block)?.days ?? 0);
    }
    return counts;
  }

  /** None in the blocks of the first and the last day: a stock trades on the day it is listed. */
  #suspensionIn(stock: Stock, block: number): Run | null {
    const start = startOf(stock, block);
    if (stock.firstDay > start || stock.endDay < start + BLOCK_DAYS) return null;
    return suspensionIn(stock.seed, block, (this.openDays[start] ?? '').slice(0, 4));
  }
}

function blockOf(stock: Stock, day: number): number {
  return Math.floor((day + (stock.seed % BLOCK_DAYS)) / BLOCK_DAYS);
}

/** Index of the block's first day among the open days. */
function startOf(stock: Stock, block: number): number {
  return block * BLOCK_DAYS - (stock.seed % BLOCK_DAYS);
}

/** Days of the block that lie before `day` and not before the stock's first. */
function daysInto(stock: Stock, block: number, day: number): number {
  return day - Math.max(startOf(stock, block), stock.firstDay);
}
