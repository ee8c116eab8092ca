/** The market that is stored: days, stocks and bars whose numbers have as many digits as TuShare's. Pure. */

export const FIELDS = [
  'ts_code',
  'trade_date',
  'open',
  'high',
  'low',
  'close',
  'pre_close',
  'change',
  'pct_chg',
  'vol',
  'amount',
];

/** The first so many days from 2010-01-01 on; every one is a trading day. */
export function daysOf(count: number): string[] {
  const first = Date.UTC(2010, 0, 1);
  return Array.from({ length: count }, (_, at) =>
    new Date(first + at * 86_400_000).toISOString().slice(0, 10).replaceAll('-', ''),
  );
}

export const codeOf = (stock: number): string => `${String(600_000 + stock)}.SH`;

/** Prices of two digits, a percentage of four, volume of two, turnover of three. */
export function bar(stock: number): number[] {
  const cents = 300 + ((stock * 7919) % 9000);
  const price = (offset: number) => (cents + offset) / 100;
  const change = (stock % 41) - 20;
  const pre_close = price(-change);
  return [
    price(-1 - (stock % 5)),
    price(21),
    price(-25),
    price(0),
    pre_close,
    change / 100,
    Math.round((change / 100 / pre_close) * 1e6) / 1e4,
    ((stock * 104_729) % 90_000_000) / 100,
    ((stock * 1_299_709) % 900_000_000) / 1000,
  ];
}

const templates = new Map<number, string>();
const DAY = '@@@@@@@@';

/** The body of TuShare's answer for a day. */
export function bodyOf(day: string, stocks: number): Buffer {
  let template = templates.get(stocks);
  if (template === undefined) {
    const items = Array.from({ length: stocks }, (_, stock) => [codeOf(stock), DAY, ...bar(stock)]);
    const data = { fields: FIELDS, items, has_more: false, count: -1 };
    template = JSON.stringify({ request_id: 'bench', code: 0, data, msg: '' });
    templates.set(stocks, template);
  }
  return Buffer.from(template.replaceAll(DAY, day));
}

/** The rows of days as psql reads them. */
export function copyText(days: readonly string[], stocks: number): string[] {
  return days.flatMap((day) =>
    Array.from({ length: stocks }, (_, stock) => [codeOf(stock), day, ...bar(stock)].join('\t')),
  );
}
