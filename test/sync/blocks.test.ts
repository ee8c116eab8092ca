/** History by groups of codes: days that share full calls, and what a server may do to such calls. */
import t from 'tap';
import { askUnit } from '../../src/sync/ask-unit.ts';
import { byCode, capacityOf, codeGroups, codesIn, type ListedCode } from '../../src/sync/code-groups.ts';
import type { TushareAnswer } from '../../src/sync/context.ts';
import { cutIntoBlocks, planBlocks } from '../../src/sync/plan-blocks.ts';
import { costOf } from '../../src/sync/preview.ts';
import type { Unit } from '../../src/sync/unit.ts';
import { tableDataset } from './support.ts';

const daily = tableDataset('daily');
const fetch = daily.fetch as Parameters<typeof planBlocks>[1];
const CAP = 5999;
const DAYS = ['20190107', '20190108', '20190109', '20190110'];

const listings = (stocks: number): ListedCode[] =>
  Array.from({ length: stocks }, (_, n) => ({
    ts_code: `${600000 + n}.SH`,
    list_date: '20000101',
    delist_date: null,
  }));

t.test('days are cut into blocks that fill their calls, each between two days of the whole market', (t) => {
  const blocks = cutIntoBlocks(new Array(100).fill(3100), CAP, 500);
  const calls = blocks.reduce((sum, { whole, grouped }) => {
    t.equal(whole, 1, 'two days of 3,100 rows are more than a call may have');
    return sum + 1 + Math.ceil((grouped * 3100) / CAP);
  }, 0);
  t.equal(
    blocks.reduce((sum, { whole, grouped }) => sum + whole + grouped, 0),
    100,
  );
  t.ok(calls <= 54, `${calls} calls for 310,000 rows, a call a day would be 100`);
  t.equal(blocks.at(-1)?.grouped, 0, 'the last day is one of the whole market');
  for (const { grouped } of blocks) t.ok(grouped <= 120, 'half a year at most');
  t.same(cutIntoBlocks([1400, 1400, 1400, 1400], CAP, 500), [{ whole: 4, grouped: 0 }], 'one call is enough');
  t.same(
    cutIntoBlocks([5400, 5400], CAP, 500).map(({ grouped }) => grouped),
    [0, 0],
    'a short range by days, when that is as cheap',
  );
  t.end();
});

t.test('whole-market days come first in a plan, then blocks; their calls and rows are told before', (t) => {
  const open = Array.from({ length: 60 }, (_, day) =>
    String(20190101 + (day % 28) + 100 * Math.floor(day / 28)),
  );
  const units = planBlocks(daily, fetch, [open], listings(3100), () => 3100, {});
  const first = units.findIndex(({ block }) => block);
  t.ok(first > 1);
  t.ok(units.slice(first).every(({ block }) => block));
  t.same(units.flatMap(({ partitions }) => partitions).sort(), open.toSorted(), 'every day once');
  for (const { partitions, block } of units.slice(first)) {
    const [before, after] = block?.between ?? [];
    if (before === undefined || after === undefined) throw new Error('a block without days around it');
    t.equal(open.indexOf(before) + 1, open.indexOf(partitions[0] as string));
    t.equal(open.indexOf(after) - 1, open.indexOf(partitions.at(-1) as string));
    t.ok(units.slice(0, first).some((unit) => unit.partitions.at(-1) === before));
    t.ok(units.slice(0, first).some((unit) => unit.partitions[0] === after));
  }
  const cost = costOf(
    units.map((unit) => ({ ...unit, dataset: 'daily' })),
    new Map([['daily', daily]]),
    new Map(),
  );
  t.equal(cost.rows, 60 * 3100);
  t.equal(cost.partitions, 60);
  const calls = cost.calls.get('daily') as number;
  t.ok(calls >= 31 && calls <= 34, `${calls} calls for 31 full ones`);
  t.end();
});

t.test('groups are as full as a call may be, and one of them holds whatever code turns up', (t) => {
  const stocks = byCode([
    ...listings(10),
    { ts_code: '000001.SZ', list_date: '20190110', delist_date: null },
    { ts_code: '900000.SH', list_date: '20000101', delist_date: '20190107' },
    { ts_code: '900001.SH', list_date: '20190111', delist_date: null },
  ]);
  const groups = codeGroups(stocks, DAYS, 13, 100);
  const named = groups.map((group) => codesIn(group, stocks, DAYS).map(({ ts_code }) => ts_code));
  t.same(named.flat(), ['000001.SZ', ...listings(10).map(({ ts_code }) => ts_code)]);
  t.same(
    named.map(({ length }) => length),
    [4, 3, 3, 1],
    'one of a single day and three of four days are 13 rows',
  );
  t.equal(codeGroups(stocks, DAYS, 1000, 4).length, 3, 'no more codes than a call may name');
  for (const stranger of ['000000.SZ', '600004.SH2', '999999.BJ']) {
    const all = byCode([...stocks, { ts_code: stranger, list_date: '', delist_date: null }]);
    const asked = groups.flatMap((group) => codesIn(group, all, DAYS).map(({ ts_code }) => ts_code));
    t.equal(asked.filter((code) => code === stranger).length, 1, stranger);
  }
  t.end();
});

t.test('groups are made larger where many stocks are suspended, and not where few are', (t) => {
  t.equal(capacityOf(CAP, 0), CAP);
  t.equal(capacityOf(CAP, 0.003), CAP, 'a group may by chance have none that is suspended');
  const [usual, bad] = [capacityOf(CAP, 0.04) / CAP, capacityOf(CAP, 0.1) / CAP];
  t.ok(usual > 1.01 && usual < 1.02, `${usual}`);
  t.ok(bad > 1.05 && bad < 1.1, `${bad}`);
  t.end();
});

/** A server of `daily` by codes; it can be told to ignore codes past a number, to hold back rows, or one call. */
function server({ takes = Number.POSITIVE_INFINITY, cap = 6000, emptyCall = 0, lateDay = '' } = {}) {
  const calls: Record<string, string>[] = [];
  const call = async (_api: string, params: object, fields: readonly string[]): Promise<TushareAnswer> => {
    const { ts_code = '', trade_date, ...range } = params as Record<string, string>;
    const { start_date = trade_date, end_date = trade_date } = range;
    calls.push(params as Record<string, string>);
    const codes = ts_code ? ts_code.split(',').slice(0, takes) : listings(1500).map((stock) => stock.ts_code);
    const days = DAYS.filter((day) => day >= String(start_date) && day <= String(end_date));
    const all = days.flatMap((day) =>
      codes.map((code) => fields.map((field) => ({ ts_code: code, trade_date: day })[field] ?? 1)),
    );
    const published = all.filter((row) => row[fields.indexOf('trade_date')] !== lateDay);
    const items = calls.length === emptyCall ? [] : published.slice(0, cap);
    return { fields: [...fields], items, has_more: items.length > 0 && published.length > cap };
  };
  return { calls, call };
}

async function ask(
  unit: Unit,
  { call }: ReturnType<typeof server>,
  stocks: number,
  short: string[] = [],
): Promise<Set<string>> {
  const rows = new Set<string>();
  const answers = {
    short: (day: string) => short.push(day),
    add({ fields, items }: TushareAnswer) {
      for (const item of items)
        rows.add(`${item[fields.indexOf('ts_code')]} ${item[fields.indexOf('trade_date')]}`);
    },
    get size() {
      return rows.size;
    },
  };
  await askUnit({ call, codes: async () => listings(stocks) }, daily, unit, answers);
  return rows;
}

const group = (range: { from: string; before: string | null }): Unit => ({
  partitions: DAYS,
  expected: DAYS.map(() => 1500),
  group: range,
});
const ALL = { from: '', before: null };

t.test('a group is one call for its codes and days', async (t) => {
  const tushare = server();
  t.equal((await ask(group({ from: '', before: '600100.SH' }), tushare, 1500)).size, 400);
  t.equal(tushare.calls.length, 1);
  t.match(tushare.calls[0], { start_date: DAYS[0], end_date: DAYS[3], ts_code: /^600000.SH,.*,600099.SH$/ });
  t.equal((await ask(group(ALL), tushare, 1200)).size, 4800);
  t.equal(tushare.calls.length, 4, '500 codes a call at most');
});

t.test('a server that ignores codes past a number is noticed, and asked in smaller groups', async (t) => {
  const tushare = server({ takes: 300 });
  t.equal((await ask(group(ALL), tushare, 1499)).size, 4 * 1499, 'no row is lost');
  const { length } = tushare.calls;
  t.ok(length > 6 && length < 30, `${length} calls`);
});

t.test('a group that answers nothing is asked again', async (t) => {
  const tushare = server({ emptyCall: 1 });
  t.equal((await ask(group(ALL), tushare, 490)).size, 4 * 490);
  t.equal(tushare.calls.length, 2);
});

t.test(
  'a group without a row on a day is asked again; if the day stays empty it is known to lack rows',
  async (t) => {
    const tushare = server({ lateDay: '20190109' });
    const short: string[] = [];
    t.equal((await ask(group({ from: '', before: '600100.SH' }), tushare, 1500, short)).size, 300);
    t.equal(tushare.calls.length, 2);
    t.same(short, ['20190109']);
    const few = server({ lateDay: '20190109' });
    await ask(group({ from: '', before: '600004.SH' }), few, 1500);
    t.equal(few.calls.length, 1, 'four stocks may all be suspended');
  },
);

t.test('a group that is cut off is asked in halves', async (t) => {
  const tushare = server({ cap: 1000 });
  t.equal((await ask(group({ from: '', before: '600300.SH' }), tushare, 1500)).size, 1200);
  t.equal(tushare.calls.length, 3);
});

t.test('days that were cut off are asked in as many parts as their rows need, not in halves', async (t) => {
  const tushare = server({ cap: 1600 });
  const small = { ...daily, row_cap: 1600 };
  let rows = 0;
  const answers = {
    add: ({ items }: TushareAnswer) => {
      rows += items.length;
    },
    size: 0,
  };
  const days = { partitions: DAYS, expected: DAYS.map(() => 1500) };
  await askUnit({ call: tushare.call, codes: async () => [] }, small, days, answers);
  t.equal(rows, 6000);
  t.equal(tushare.calls.length, 5, 'the whole, and then a call a day');
});
