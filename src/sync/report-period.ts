/** Which report period an incremental finance run looks for. Pure. */

/**
 * The quarter whose reports come out at this time of the year (contract of the scheduler): January to April last
 * year's 1231, May to August 0331, September and October 0630, November and December 0930.
 * @param date YYYYMMDD in Shanghai
 */
export function reportPeriod(date: string): string {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(4, 6));
  if (month <= 4) return `${year - 1}1231`;
  if (month <= 8) return `${year}0331`;
  return month <= 10 ? `${year}0630` : `${year}0930`;
}
