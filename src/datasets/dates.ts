/** Market dates: 'YYYYMMDD' strings in Asia/Shanghai, as TuShare writes them. They sort as text. */

const DAY_MS = 86_400_000;
/** China has had no daylight saving since 1991: Asia/Shanghai is UTC+8. */
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

/** The day the Shanghai exchange opened: there is no A-share data before it. */
export const FIRST_MARKET_DATE = '19901219';

/** The date as YYYYMMDD when the text is a real one, written YYYYMMDD or YYYY-MM-DD; else null. */
export function readDate(text: string): string | null {
  const parts = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text);
  if (!parts) return null;
  const date = `${parts[1]}${parts[3]}${parts[4]}`;
  return isRealDate(date) ? date : null;
}

/** Whether eight digits name a day that exists. */
export function isRealDate(date: string): boolean {
  if (!/^\d{8}$/.test(date)) return false;
  const time = timeOf(date);
  return !Number.isNaN(time) && dateOf(time) === date;
}

/** The date so many days later (or earlier, when negative). */
export function addDays(date: string, days: number): string {
  return dateOf(timeOf(date) + days * DAY_MS);
}

/** Calendar days from the first date to the last, both counted; 0 or less when they are the wrong way round. */
export function daysFromTo(first: string, last: string): number {
  return Math.round((timeOf(last) - timeOf(first)) / DAY_MS) + 1;
}

/** Days since 1970-01-01. */
export const dayNumber = (date: string): number => timeOf(date) / DAY_MS;

/** The instant, in ms since 1970, of a time of day in Shanghai on a day by its number. */
export const shanghaiMs = (day: number, timeMs: number): number => day * DAY_MS + timeMs - SHANGHAI_OFFSET_MS;

/** A number that is the same for all days from a Monday to its Sunday. */
export function weekOf(date: string): number {
  // 1970-01-01 was a Thursday
  return Math.floor((timeOf(date) / DAY_MS + 3) / 7);
}

/** 1 Monday to 7 Sunday. */
export const weekdayOf = (date: string): number => ((timeOf(date) / DAY_MS + 3) % 7) + 1;

/** Date and time of day ('HH:MM') in Shanghai at an instant. */
export function shanghaiClock(now: Date): { date: string; time: string } {
  const local = new Date(now.getTime() + SHANGHAI_OFFSET_MS).toISOString();
  return { date: local.slice(0, 10).replaceAll('-', ''), time: local.slice(11, 16) };
}

function timeOf(date: string): number {
  return Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}T00:00:00Z`);
}

function dateOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
}
