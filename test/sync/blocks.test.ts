/** History by groups of codes: days that share full calls, and what a server may do to such calls. */
import t from 'tap';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import { askUnit } from '../../src/sync/ask-unit.ts';
import { codeGroups } from '../../src/sync/code-groups.ts';
import type { TushareAnswer } from '../../src/sync/context.ts';
import { cutIntoBlocks } from '../../src/sync/pack.ts';
import type { Unit } from '../../src/sync/unit.ts';
import { tableDataset } from './support.ts';

/** No dataset is fetched so today: stocks in no list would be lost. Own declarations may. */
const daily: TableDataset = {
  ...tableDataset('daily'),
  fetch: {
    by: 'trade_date',
    date_field: 'trade_date',
    ranges: true,
    codes: { param: 'ts_code', batch: 999 },
  },
};
const DAYS = ['20190107', '20190108', '20190109', '20190110'];

const listings = (stocks: number) =>
  Array.from({ length: stocks }, (_, n) => ({
    ts_code: `${600000 + n}.SH`,
    list_date: '20000101',
    delist_date: null,
  }));

t.test('days are cut into blocks that fill their calls', async (t) => {
  const cap = 5999;
  const callsFor = (rows: number, days: number) => (rows <= cap ? 1 : Math.ceil(rows / (cap - (cap % days))));
  const blocks = cutIntoBlocks(new Array(100).fill(5400), callsFor);
  const calls = blocks.reduce((sum, block) => sum + block.calls, 0);
  t.equal(
    blocks.reduce((sum, { days }) => sum + days, 0),
    100,
  );
  t.ok(calls <= 92, `${calls} calls for 540,000 rows, a call a day would be 100`);
  for (const { days } of blocks) t.ok(days === 1 || days * 5400 <= 90_000, 'a block is held in memory');
});

t.test('groups are as full as a call may be, and hold every stock that is listed on a day', async (t) => {
  const stocks = [
    ...listings(10),
    { ts_code: 'new', list_date: '20190110', delist_date: null },
    { ts_code: 'gone', list_date: '20000101', delist_date: '20190107' },
    { ts_code: 'later', list_date: '20190111', delist_date: null },
  ];
  const groups = codeGroups(stocks, DAYS, 13, 100);
  t.equal(groups.length, 4, '3 stocks of 4 days a call, and the last one');
  t.same(new Set(groups.flat()), new Set([...listings(10).map(({ ts_code }) => ts_code), 'new']));
  t.ok(groups[0]?.includes('new'), 'one of a single day fills what 3 x 4 of 13 rows leave');
  t.equal(codeGroups(stocks, DAYS, 1000, 4).length, 3, 'no more codes than a call may name');
  const young = ['a', 'b'].map((ts_code) => ({ ts_code, list_date: '20190110', delist_date: null }));
  t.equal(codeGroups([...young, ...listings(6)], DAYS, 13, 100).length, 2, 'small ones fill up what is left');
});

/** A server of `daily` by codes; it can be told to ignore codes past a number, or to hold back rows. */
function server(takes = Number.POSITIVE_INFINITY, cap = 6000) {
  const calls: Record<string, string>[] = [];
  const call = async (_api: string, params: object, fields: readonly string[]): Promise<TushareAnswer> => {
    const {
      ts_code = '',
      trade_date,
      start_date = trade_date,
      end_date = trade_date,
    } = params as Record<string, string>;
    calls.push(params as Record<string, string>);
    const codes = ts_code ? ts_code.split(',').slice(0, takes) : listings(1500).map((stock) => stock.ts_code);
    const days = DAYS.filter((day) => day >= String(start_date) && day <= String(end_date));
    const all = days.flatMap((day) =>
      codes.map((code) => fields.map((field) => ({ ts_code: code, trade_date: day })[field] ?? 1)),
    );
    return { fields: [...fields], items: all.slice(0, cap), has_more: all.length > cap };
  };
  return { calls, call };
}

async function ask(unit: Unit, { call }: ReturnType<typeof server>, stocks: number): Promise<Set<string>> {
  const rows = new Set<string>();
  const answers = {
    add({ fields, items }: TushareAnswer) {
      for (const item of items)
        rows.add(`${item[fields.indexOf('ts_code')]} ${item[fields.indexOf('trade_date')]}`);
    },
    get size() {
      return rows.size;
    },
  };
  await askUnit({ call, listings: async () => listings(stocks) }, daily, unit, answers);
  return rows;
}

const block = (stocks: number, calls?: number): Unit => ({
  partitions: DAYS,
  expected: DAYS.map(() => stocks),
  ...(calls && { calls }),
});

t.test('a block is fetched by its groups, each once', async (t) => {
  const tushare = server();
  t.equal((await ask(block(2500, 2), tushare, 2500)).size, 10_000);
  t.equal(tushare.calls.length, 3, '999 codes a call at most');
  for (const { start_date, end_date } of tushare.calls) t.same([start_date, end_date], [DAYS[0], DAYS[3]]);
});

t.test('a server that ignores codes past a number is noticed, and asked in smaller groups', async (t) => {
  const tushare = server(300);
  t.equal((await ask(block(1500, 2), tushare, 1500)).size, 6_000, 'no row is lost');
  const { length } = tushare.calls;
  t.ok(length > 6 && length < 30, `${length} calls`);
});

t.test('days that were cut off are asked in as many parts as their rows need, not in halves', async (t) => {
  const tushare = server(undefined, 1600);
  const small = { ...daily, row_cap: 1600 };
  let rows = 0;
  const answers = {
    add: ({ items }: TushareAnswer) => {
      rows += items.length;
    },
    size: 0,
  };
  await askUnit({ call: tushare.call, listings: async () => [] }, small, block(1500), answers);
  t.equal(rows, 6000);
  t.equal(tushare.calls.length, 5, 'the whole, and then a call a day');
});
