import { mix, unit } from './noise.ts';

/** Boards with their code prefix, first day, price limit and how lively their prices are (1 = main board). */
const BOARDS = {
  sh600: { prefix: '600', suffix: 'SH', opened: '19901219', liveliness: 1 },
  sh601: { prefix: '601', suffix: 'SH', opened: '19901219', liveliness: 1 },
  sh603: { prefix: '603', suffix: 'SH', opened: '20120101', liveliness: 1 },
  sh605: { prefix: '605', suffix: 'SH', opened: '20200101', liveliness: 1 },
  sh688: { prefix: '688', suffix: 'SH', opened: '20190722', liveliness: 1.8 },
  sz000: { prefix: '000', suffix: 'SZ', opened: '19901219', liveliness: 1 },
  sz001: { prefix: '001', suffix: 'SZ', opened: '19901219', liveliness: 1 },
  sz002: { prefix: '002', suffix: 'SZ', opened: '20040625', liveliness: 1 },
  sz003: { prefix: '003', suffix: 'SZ', opened: '20190101', liveliness: 1 },
  sz300: { prefix: '300', suffix: 'SZ', opened: '20091030', liveliness: 1.3 },
  sz301: { prefix: '301', suffix: 'SZ', opened: '20210801', liveliness: 1.3 },
  bj920: { prefix: '920', suffix: 'BJ', opened: '20200727', liveliness: 2.2 },
} as const;

export type Board = keyof typeof BOARDS;

/** New listings by year and board, as the real market had them (facts; 2026 after March: an estimate). */
const LISTED = `
1990 sh600:7 sz000:2 | 1991 sz000:4 | 1992 sh600:22 sz000:18 | 1993 sh600:72 sz000:51 sz001:1
1994 sh600:67 sh601:1 sz000:41 sz001:1 | 1995 sh600:15 sz000:9 | 1996 sh600:103 sz000:100
1997 sh600:85 sz000:120 sz001:1 | 1998 sh600:53 sz000:52 sz001:1 | 1999 sh600:46 sz000:52
2000 sh600:88 sz000:49 | 2001 sh600:78 sz000:1 | 2002 sh600:70 sz000:1 | 2003 sh600:67
2004 sh600:61 sz000:1 sz002:38 | 2005 sh600:3 sz002:12 | 2006 sh600:3 sh601:11 sz002:52
2007 sh601:25 sz000:1 sz002:100 | 2008 sh601:6 sz002:71 | 2009 sh600:1 sh601:8 sz002:54 sz300:36
2010 sh600:1 sh601:27 sz002:204 sz300:117 | 2011 sh601:39 sz002:115 sz300:128
2012 sh601:12 sh603:14 sz002:55 sz300:74 | 2013 sh600:1 sz000:1
2014 sh600:1 sh601:6 sh603:36 sz002:31 sz300:51 | 2015 sh600:2 sh601:9 sh603:79 sz000:1 sz001:1 sz002:44 sz300:87
2016 sh600:7 sh601:13 sh603:83 sz002:46 sz300:78 | 2017 sh600:4 sh601:15 sh603:196 sz001:1 sz002:81 sz300:141
2018 sh600:2 sh601:12 sh603:43 sz002:19 sz300:29 | 2019 sh600:3 sh601:12 sh603:40 sh688:70 sz002:25 sz003:1 sz300:52
2020 sh600:2 sh601:13 sh603:21 sh605:54 sh688:145 sz002:26 sz003:28 sz300:107 bj920:41
2021 sh600:7 sh601:9 sh603:13 sh605:59 sh688:162 sz001:21 sz003:13 sz300:74 sz301:125 bj920:41
2022 sh600:2 sh601:3 sh603:26 sh688:124 sz001:40 sz300:1 sz301:149 bj920:83
2023 sh600:1 sh601:7 sh603:28 sh688:67 sz001:23 sz300:2 sz301:108 bj920:77
2024 sh601:1 sh603:16 sh688:15 sz001:7 sz300:1 sz301:37 bj920:23
2025 sh600:1 sh601:1 sh603:21 sh688:19 sz001:15 sz301:33 bj920:26
2026 sh601:1 sh603:10 sh688:10 sz001:4 sz301:10 bj920:25`;

/** Delistings by year, as the real market had them (facts; 2026: an estimate). */
const DELISTED = `1999:1 2001:3 2002:7 2003:4 2004:10 2005:11 2006:12 2007:10 2008:2 2009:5 2010:4 2011:3 2012:3
2013:6 2014:1 2015:7 2016:1 2017:5 2018:5 2019:10 2020:16 2021:20 2022:46 2023:45 2024:52 2025:29 2026:30`;

/** A stock is at least this many trading days (about three years) old when it is delisted. */
const YOUNGEST_DELISTED_DAYS = 730;

export interface Listing {
  readonly ts_code: string;
  readonly board: Board;
  readonly liveliness: number;
  /** Index of its first trading day among the open days. */
  readonly firstDay: number;
  /** Index of the day it is delisted, on which it no longer trades; Infinity when it isn't. */
  endDay: number;
}

/** All stocks that are ever listed, by ts_code. `openDays`: every trading day, YYYYMMDD, oldest first. */
export function listings(seed: number, openDays: readonly string[]): Listing[] {
  const byBoard = Map.groupBy(firstDays(seed, openDays), (entry) => entry.board);
  const all = [...byBoard].flatMap(([board, entries]) => numbered(board, entries));
  delist(seed, openDays, all);
  return all.sort((a, b) => (a.ts_code < b.ts_code ? -1 : 1));
}

function firstDays(seed: number, openDays: readonly string[]): { board: Board; day: number }[] {
  const entries: { board: Board; day: number }[] = [];
  for (const [, year = '', counts = ''] of LISTED.matchAll(/(\d{4})((?: \w+:\d+)+)/g)) {
    for (const [, name, count] of counts.matchAll(/(\w+):(\d+)/g)) {
      const board = name as Board;
      const from = openDays.findIndex((day) => day >= maxText(`${year}0101`, BOARDS[board].opened));
      const to = openDays.findLastIndex((day) => day <= `${year}1231`);
      for (let n = 0; n < Number(count); n++) {
        entries.push({ board, day: from + (mix(seed, entries.length, 41) % (to - from + 1)) });
      }
    }
  }
  return entries;
}

/** Gives out a board's codes in the order of listing, spread over the board's numbers 001 to 999. */
function numbered(board: Board, entries: { day: number }[]): Listing[] {
  const { prefix, suffix, liveliness } = BOARDS[board];
  const inOrder = entries.sort((a, b) => a.day - b.day);
  return inOrder.map(({ day }, index) => {
    const number = String(1 + Math.floor((index * 999) / inOrder.length)).padStart(3, '0');
    const ts_code = `${prefix}${number}.${suffix}`;
    return { ts_code, board, liveliness, firstDay: day, endDay: Infinity };
  });
}

/** Sets the end of as many stocks a year as the real market lost. Number 001 of a board stays: people try it first. */
function delist(seed: number, openDays: readonly string[], all: Listing[]): void {
  const doomed = all
    .map((listing, n) => ({ listing, rank: unit(seed, n, 42) }))
    .filter(({ listing }) => listing.ts_code.slice(3, 6) !== '001');
  doomed.sort((a, b) => a.rank - b.rank);
  for (const [, year = '', count] of DELISTED.matchAll(/(\d{4}):(\d+)/g)) {
    const from = openDays.findIndex((day) => day >= `${year}0101`);
    const to = openDays.findLastIndex((day) => day <= `${year}1231`);
    const old = doomed.filter(
      ({ listing }) => listing.endDay === Infinity && listing.firstDay + YOUNGEST_DELISTED_DAYS < from,
    );
    for (const [n, { listing }] of old.slice(0, Number(count)).entries()) {
      listing.endDay = from + (mix(seed, Number(year) * 1000 + n, 43) % (to - from + 1));
    }
  }
}

/** The day's price limit in per cent; the growth board's was widened on 24 August 2020. */
export function priceLimitPercent(board: Board, date: string): number {
  if (board === 'bj920') return 30;
  if (board === 'sh688') return 20;
  if (board === 'sz300' || board === 'sz301') return date >= '20200824' ? 20 : 10;
  return 10;
}

function maxText(a: string, b: string): string {
  return a > b ? a : b;
}
