/**
 * The trading calendar of Shanghai and Shenzhen from the first trading day, 19 December 1990: weekdays except the
 * closed ones below (MMDD; facts, taken from recorded trade_cal answers; before 2000 from the days without any trade).
 * Two weekend days of the nineties were trading days. Years that nobody has announced yet go by rule.
 */
const LAST_KNOWN_YEAR = 2026;
const OPEN_WEEKENDS = new Set(['19921004', '19930103']);

const CLOSED_WEEKDAYS: Readonly<Record<string, string>> = {
  1991: '0101 0215 0218 0501 1001 1002',
  1992: '0101 0204 0205 0206 0501 1001 1002',
  1993: '0101 0125 0126 1001',
  1994: '0207 0208 0209 0210 0211 0502 1003 1004',
  1995: '0102 0130 0131 0201 0202 0203 0501 1002 1003',
  1996: '0101 0219 0220 0221 0222 0223 0226 0227 0228 0229 0301 0501 0930 1001 1002',
  1997: '0101 0203 0204 0205 0206 0207 0210 0211 0212 0213 0214 0501 0502 0630 0701 1001 1002 1003',
  1998: '0101 0102 0126 0127 0128 0129 0130 0202 0203 0204 0205 0206 0501 1001 1002',
  1999: '0101 0210 0211 0212 0215 0216 0217 0218 0219 0222 0223 0224 0225 0226 0503 1001 1004 1005 1006 1007 1220 1231',
  2000: '0103 0131 0201 0202 0203 0204 0207 0208 0209 0210 0211 0501 0502 0503 0504 0505 1002 1003 1004 1005 1006',
  2001: '0101 0122 0123 0124 0125 0126 0129 0130 0131 0201 0202 0501 0502 0503 0504 0507 1001 1002 1003 1004 1005',
  2002: '0101 0102 0103 0211 0212 0213 0214 0215 0218 0219 0220 0221 0222 0501 0502 0503 0506 0507 0930 1001 1002 1003 1004 1007',
  2003: '0101 0130 0131 0203 0204 0205 0206 0207 0501 0502 0505 0506 0507 0508 0509 1001 1002 1003 1006 1007',
  2004: '0101 0119 0120 0121 0122 0123 0126 0127 0128 0503 0504 0505 0506 0507 1001 1004 1005 1006 1007',
  2005: '0103 0207 0208 0209 0210 0211 0214 0215 0502 0503 0504 0505 0506 1003 1004 1005 1006 1007',
  2006: '0102 0103 0126 0127 0130 0131 0201 0202 0203 0501 0502 0503 0504 0505 1002 1003 1004 1005 1006',
  2007: '0101 0102 0103 0219 0220 0221 0222 0223 0501 0502 0503 0504 0507 1001 1002 1003 1004 1005 1231',
  2008: '0101 0206 0207 0208 0211 0212 0404 0501 0502 0609 0915 0929 0930 1001 1002 1003',
  2009: '0101 0102 0126 0127 0128 0129 0130 0406 0501 0528 0529 1001 1002 1005 1006 1007 1008',
  2010: '0101 0215 0216 0217 0218 0219 0405 0503 0614 0615 0616 0922 0923 0924 1001 1004 1005 1006 1007',
  2011: '0103 0202 0203 0204 0207 0208 0404 0405 0502 0606 0912 1003 1004 1005 1006 1007',
  2012: '0102 0103 0123 0124 0125 0126 0127 0402 0403 0404 0430 0501 0622 1001 1002 1003 1004 1005',
  2013: '0101 0102 0103 0211 0212 0213 0214 0215 0404 0405 0429 0430 0501 0610 0611 0612 0919 0920 1001 1002 1003 1004 1007',
  2014: '0101 0131 0203 0204 0205 0206 0407 0501 0502 0602 0908 1001 1002 1003 1006 1007',
  2015: '0101 0102 0218 0219 0220 0223 0224 0406 0501 0622 0903 0904 1001 1002 1005 1006 1007',
  2016: '0101 0208 0209 0210 0211 0212 0404 0502 0609 0610 0915 0916 1003 1004 1005 1006 1007',
  2017: '0102 0127 0130 0131 0201 0202 0403 0404 0501 0529 0530 1002 1003 1004 1005 1006',
  2018: '0101 0215 0216 0219 0220 0221 0405 0406 0430 0501 0618 0924 1001 1002 1003 1004 1005 1231',
  2019: '0101 0204 0205 0206 0207 0208 0405 0501 0502 0503 0607 0913 1001 1002 1003 1004 1007',
  2020: '0101 0124 0127 0128 0129 0130 0131 0406 0501 0504 0505 0625 0626 1001 1002 1005 1006 1007 1008',
  2021: '0101 0211 0212 0215 0216 0217 0405 0503 0504 0505 0614 0920 0921 1001 1004 1005 1006 1007',
  2022: '0103 0131 0201 0202 0203 0204 0404 0405 0502 0503 0504 0603 0912 1003 1004 1005 1006 1007',
  2023: '0102 0123 0124 0125 0126 0127 0405 0501 0502 0503 0622 0623 0929 1002 1003 1004 1005 1006',
  2024: '0101 0209 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007',
  2025: '0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008',
  2026: '0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007',
};

export interface CalendarDay {
  /** YYYYMMDD */
  readonly date: string;
  readonly open: boolean;
  /** The trading day before it; null on the first day. */
  readonly previous: string | null;
}

const DAY_MS = 86_400_000;

/** Every day of the calendar to the end of a year, oldest first. */
export function calendarDays(lastYear = LAST_KNOWN_YEAR): CalendarDay[] {
  const closed = new Set(
    Object.entries(CLOSED_WEEKDAYS).flatMap(([year, days]) => days.split(' ').map((day) => year + day)),
  );
  const days: CalendarDay[] = [];
  let previous: string | null = null;
  const end = Date.UTC(lastYear, 11, 31);
  for (let time = Date.UTC(1990, 11, 19); time <= end; time += DAY_MS) {
    const date = new Date(time).toISOString().slice(0, 10).replaceAll('-', '');
    const weekday = new Date(time).getUTCDay();
    const isWeekend = weekday === 0 || weekday === 6;
    const isHoliday = date.slice(0, 4) > String(LAST_KNOWN_YEAR) ? usuallyClosed(time) : closed.has(date);
    const open = isWeekend ? OPEN_WEEKENDS.has(date) : !isHoliday;
    days.push({ date, open, previous });
    if (open) previous = date;
  }
  return days;
}

/** New Year, Tomb-sweeping, Labour Day, National Day by the sun; MMDD. */
const FIXED = /^(0101|0405|050[1-5]|100[1-7])$/;
/** Spring Festival, Dragon Boat, Mid-autumn by the moon; month/day. */
const LUNAR = /^(1\/[1-7]|5\/5|8\/15)$/;
const MOON = new Intl.DateTimeFormat('en-u-ca-chinese', {
  month: 'numeric',
  day: 'numeric',
  timeZone: 'UTC',
});

/** Whether a weekday is a holiday in most years; New Year's Eve of the moon is the day before 1/1. */
function usuallyClosed(time: number): boolean {
  const date = new Date(time).toISOString().slice(5, 10).replace('-', '');
  return FIXED.test(date) || LUNAR.test(lunarDay(time)) || lunarDay(time + DAY_MS) === '1/1';
}

/** Month and day of China's calendar; a leap month has letters behind its number, and no holidays. */
function lunarDay(time: number): string {
  const parts = MOON.formatToParts(time);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '';
  return `${part('month')}/${part('day')}`;
}

const SHANGHAI = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Date (YYYYMMDD) and hour in Shanghai. */
export function shanghaiTime(now: Date): { date: string; hour: number } {
  const [date = '', time = ''] = SHANGHAI.format(now).split(' ');
  return { date: date.replaceAll('-', ''), hour: Number(time.slice(0, 2)) };
}

/** `daily` of a day is published between 15:00 and 16:00; from 16:00 the whole day is there. */
const PUBLISHED_HOUR = 16;

/** The newest date whose market data is published at `now`, be it a trading day or not. */
export function newestPublished(now: Date): string {
  const { date, hour } = shanghaiTime(now);
  return hour >= PUBLISHED_HOUR ? date : shanghaiTime(new Date(now.getTime() - DAY_MS)).date;
}
