/** Boards of the generated market and their members: one for each industry and area, and some concepts. */
import type { Market, Stock } from './market.ts';
import { unit } from './noise.ts';

const CONCEPTS =
  '人工智能 储能 光伏 氢能 机器人 芯片 云计算 数据中心 低空经济 军工 创新药 医疗器械 消费电子 新能源汽车 固态电池 稀土永磁 数字货币 跨境电商 乡村振兴 碳中和'.split(
    ' ',
  );
/** A stock belongs to a concept with this probability. */
const IN_A_CONCEPT = 0.03;
/** Boards are numbered from here on, as THS numbers its own. */
const FIRST_NUMBER = 885001;
/** When THS began to tell its boards. */
const LISTED = '20150105';

export interface BoardRows {
  /** Cells of ths_index: ts_code, name, count, exchange, list_date, type. */
  board: readonly (string | number)[];
  /** Of ths_member: ts_code, con_code, con_name, weight, in_date, out_date, is_new. */
  members: readonly (readonly (string | null)[])[];
}

/** All boards of the stocks that are listed on the day of this index. */
export function boardsOn(market: Market, day: number): BoardRows[] {
  const stocks = market.stocks.filter((stock) => market.isListed(stock, day));
  const by = (of: (stock: Stock) => string) =>
    [...Map.groupBy(stocks, of)].sort(([a], [b]) => (a < b ? -1 : 1));
  const found: [name: string, type: string, members: Stock[]][] = [
    ...CONCEPTS.map((name, at): [string, string, Stock[]] => [
      name,
      'N',
      stocks.filter(({ seed }) => unit(seed, at, 97) < IN_A_CONCEPT),
    ]),
    ...by(({ company }) => company.industry).map(([name, all]): [string, string, Stock[]] => [
      name,
      'I',
      all,
    ]),
    ...by(({ company }) => company.area).map(([name, all]): [string, string, Stock[]] => [name, 'R', all]),
  ];
  return found.map(([name, type, members], at) => {
    const ts_code = `${FIRST_NUMBER + at}.TI`;
    return {
      board: [ts_code, name, members.length, 'A', LISTED, type],
      members: members.map((stock) => [ts_code, stock.ts_code, stock.company.name, null, null, null, 'Y']),
    };
  });
}
