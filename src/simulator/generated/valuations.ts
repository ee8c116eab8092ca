/** What TuShare tells beside the bars of a day, made from the same prices so that it fits them: factors and ratios. */
import { type Character, closeFen, sharesTraded } from './bars.ts';
import { unit } from './noise.ts';
import type { RowText } from './row-text.ts';

/** Trading days of a year: about once in so many a stock pays a dividend, and its factor rises. */
const YEAR_DAYS = 244;
/** Days whose mean volume a day's is compared with. */
const VOLUME_DAYS = 5;

/**
 * Writes one row of `adj_factor`, with 4 decimals. It is 1 in the first year, and rises by 0.5 to 4.5 per cent a year.
 * @param age trading days of the market since the stock was listed
 */
export function writeFactor(into: RowText, head: readonly [string, string], seed: number, age: number): void {
  let factor = 1;
  for (let year = 1; year <= Math.floor(age / YEAR_DAYS); year++)
    factor *= 1.005 + 0.04 * unit(seed, year, 64);
  startRow(into, head);
  into.decimal(Math.round(factor * 1e4), 4);
  endRow(into);
}

/**
 * Writes one row of `daily_basic`: shares and values in units of 10,000, ratios with 4 decimals. A sixth of the stocks
 * make no profit: they have no pe; a fifth pay no dividend.
 * @param tradedBefore days the stock has traded before this one
 */
export function writeBasics(
  into: RowText,
  head: readonly [string, string],
  stock: Character,
  tradedBefore: number,
): void {
  const { seed, floatShares } = stock;
  const close = closeFen(stock, tradedBefore);
  const traded = sharesTraded(stock, tradedBefore);
  const free = floatShares * (0.3 + 0.6 * unit(seed, 0, 65));
  const total = floatShares * (1 + unit(seed, 0, 66));
  const pe = unit(seed, 0, 67) < 1 / 6 ? null : (close / stock.baseFen) * (8 + 60 * unit(seed, 0, 68));
  const pb = (close / stock.baseFen) * (0.7 + 5 * unit(seed, 0, 69));
  const dividend = unit(seed, 0, 70) < 1 / 5 ? null : (stock.baseFen / close) * 4 * unit(seed, 0, 72);
  const days = Math.min(VOLUME_DAYS, tradedBefore);
  let before = 0;
  for (let n = tradedBefore - days; n < tradedBefore; n++) before += sharesTraded(stock, n);

  startRow(into, head);
  into.decimal(close, 2);
  ratio(into, (100 * traded) / floatShares);
  ratio(into, (100 * traded) / free);
  ratio(into, days === 0 ? null : traded / (before / days), 2);
  ratio(into, pe);
  ratio(into, pe === null ? null : pe * 0.97);
  ratio(into, pb);
  ratio(into, pb * 1.3);
  ratio(into, pb * 1.27);
  ratio(into, dividend);
  ratio(into, dividend === null ? null : dividend * 1.02);
  ratio(into, total / 1e4);
  ratio(into, floatShares / 1e4);
  ratio(into, free / 1e4);
  ratio(into, (total * close) / 1e6);
  ratio(into, (floatShares * close) / 1e6);
  endRow(into);
}

function ratio(into: RowText, value: number | null, digits = 4): void {
  if (value === null) into.ascii(',null');
  else into.decimal(Math.round(value * 10 ** digits), digits);
}

function startRow(into: RowText, head: readonly [string, string]): void {
  into.startRow();
  into.ascii(head[0]);
  into.ascii(head[1]);
}

function endRow(into: RowText): void {
  into.ascii(']');
  into.endRow();
}
