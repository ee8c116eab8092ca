/** Bars of one code as a chart takes them, adjusted for ex-days where there are factors. Pure. */
import type { RowsAnswer } from '../../../api/rows.ts';

export const ADJUSTMENTS = ['none', 'forward', 'backward'] as const;
/** forward: in the prices of today; backward: in those of the first day. */
export type Adjustment = (typeof ADJUSTMENTS)[number];

/** The dataset that has the factors of another one. */
export const FACTORS: Record<string, string> = {
  daily: 'adj_factor',
  weekly: 'adj_factor',
  monthly: 'adj_factor',
  fund_daily: 'fund_adj',
};

export interface Bars {
  /** YYYYMMDD, in order. */
  days: string[];
  /** Open, close, low, high: the order in which ECharts takes them. */
  prices: [open: number, close: number, low: number, high: number][];
  volumes: (number | null)[];
}

const PRICES = ['open', 'close', 'low', 'high'];

/** Whether rows of these columns are bars of codes. */
export const areBars = (names: readonly string[]): boolean =>
  [...PRICES, 'ts_code', 'trade_date'].every((name) => names.includes(name));

/** Bars of the rows; those without all four prices are left out. */
export function barsOf({ columns, rows }: Pick<RowsAnswer, 'columns' | 'rows'>): Bars {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const [day, volume, ...prices] = [at('trade_date'), at('vol'), ...PRICES.map(at)];
  const bars: Bars = { days: [], prices: [], volumes: [] };
  const sorted = [...rows].sort((a, b) => (String(a[day ?? 0]) < String(b[day ?? 0]) ? -1 : 1));
  for (const row of sorted) {
    const four = prices.map((index) => row[index]);
    if (!four.every((price) => typeof price === 'number')) continue;
    bars.days.push(String(row[day ?? 0]));
    bars.prices.push(four as [number, number, number, number]);
    const lots = row[volume ?? -1];
    bars.volumes.push(typeof lots === 'number' ? lots : null);
  }
  return bars;
}

/** Factors by day. */
export function factorsOf({ columns, rows }: Pick<RowsAnswer, 'columns' | 'rows'>): Map<string, number> {
  const day = columns.findIndex(({ name }) => name === 'trade_date');
  const factor = columns.findIndex(({ name }) => name === 'adj_factor');
  return new Map(
    rows.flatMap((row): [string, number][] =>
      typeof row[factor] === 'number' ? [[String(row[day]), row[factor]]] : [],
    ),
  );
}

/** Price times factor, over the last factor (forward) or the first (backward). Days without a factor keep the one before. */
export function adjusted(bars: Bars, factors: ReadonlyMap<string, number>, adjustment: Adjustment): Bars {
  if (adjustment === 'none' || factors.size === 0) return bars;
  let known = bars.days.map((day) => factors.get(day)).find((factor) => factor !== undefined) ?? 1;
  const each = bars.days.map((day) => {
    known = factors.get(day) ?? known;
    return known;
  });
  const base = (adjustment === 'forward' ? each.at(-1) : each[0]) ?? 1;
  const prices = bars.prices.map((four, at) => {
    const share = (each[at] ?? base) / base;
    return four.map((price) => Math.round(price * share * 1e4) / 1e4) as Bars['prices'][number];
  });
  return { ...bars, prices };
}
