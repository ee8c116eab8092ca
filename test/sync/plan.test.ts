import t from 'tap';
import { pack } from '../../src/sync/pack.ts';
import { type Market, planUnits } from '../../src/sync/plan.ts';
import { costOf } from '../../src/sync/preview.ts';
import type { Unit } from '../../src/sync/unit.ts';
import { usualRows } from '../../src/sync/usual-rows.ts';
import { tableDataset } from './support.ts';

const NOW = new Date('2019-02-01T10:00:00Z');
const daily = tableDataset('daily');
const OPEN = ['20190107', '20190108', '20190109', '20190110', '20190111', '20190114', '20190115'];

function market(stocks: number, change: Partial<Market> = {}): Market {
  return {
    open_dates: OPEN,
    calendar: { first: '20190105', last: '20190120', days: 16 },
    listings: Array.from({ length: stocks }, () => ({ list_date: '20000101', delist_date: null })),
    ...change,
  };
}
const plan = (params: object, of: Market | null, mode: 'history' | 'backfill' = 'history') =>
  planUnits(daily, mode, { end_date: '20190120', ...params }, of, NOW);

t.test('days that follow each other share a call while they stay under the cap', async (t) => {
  const units = plan({}, market(1999));
  t.same(
    units.map((unit) => unit.partitions),
    [OPEN.slice(0, 3), OPEN.slice(3, 6), OPEN.slice(6)],
    'a weekend between two open days does not part them',
  );
  t.same(units[0]?.expected, [1999, 1999, 1999]);
});

t.test('a unit that could reach the cap exactly is not made', async (t) => {
  t.equal(plan({}, market(2000))[0]?.partitions.length, 2, '3 x 2,000 = the cap');
  t.equal(plan({}, market(5999)).length, OPEN.length);
  t.equal(plan({}, market(7000)).length, OPEN.length, 'a day larger than the cap is still one unit');
});

t.test('days of a dataset that grew share a call by what they had then', async (t) => {
  const margin = tableDataset('margin_detail');
  const open = Array.from({ length: 31 }, (_, day) => String(20100401 + day));
  t.equal(usualRows(margin, '20100331'), 90, 'it began with 90 stocks');
  t.match(usualRows(margin, '20180215'), 2195);
  t.equal(usualRows(margin, '20260101'), 4300);
  t.equal(usualRows(margin, '20270101'), 4300);
  t.equal(usualRows(daily, '20190107'), null);
  const units: Unit[] = [];
  for (const day of open) pack(units, margin, day, null, true);
  t.equal(units[0]?.partitions.length, 31, 'some 95 rows a day, where 4,300 would be one a call');
  const late: Unit[] = [];
  for (const day of ['20251201', '20251202']) pack(late, margin, day, null, true);
  t.equal(late.length, 2);
  const cost = costOf(
    units.map((unit) => ({ ...unit, dataset: 'margin_detail' })),
    new Map([['margin_detail', margin]]),
    new Map(),
  );
  t.ok((cost.rows as number) < 31 * 110, 'and so does the preview count them');
});

t.test('closed days are not asked for', async (t) => {
  t.same(plan({ start_date: '20190112', end_date: '20190113' }, market(10)), []);
  const named = { dates: ['20190112', '20190114'], end_date: undefined };
  t.same(plan(named, market(10), 'backfill'), [{ partitions: ['20190114'], expected: [10] }]);
});

t.test('named days share a call only when no open day lies between them', async (t) => {
  const units = plan(
    { dates: ['20190107', '20190108', '20190110'], end_date: undefined },
    market(10),
    'backfill',
  );
  t.same(
    units.map((unit) => unit.partitions),
    [['20190107', '20190108'], ['20190110']],
  );
});

t.test('stocks count from their listing until the day before their delisting', async (t) => {
  const listings = [
    { list_date: '20190108', delist_date: null },
    { list_date: '20000101', delist_date: '20190109' },
  ];
  const [unit] = plan({ end_date: '20190110' }, market(0, { listings }));
  t.same(unit?.expected, [1, 2, 1, 1]);
});

t.test('without an end the last published day is the end', async (t) => {
  const calendar = { first: '20190105', last: '20190120', days: 16 };
  const last = (now: string) =>
    planUnits(daily, 'history', {}, market(10, { calendar }), new Date(now)).at(-1)?.partitions.at(-1);
  t.equal(last('2019-01-11T08:59:00Z'), '20190110', '16:59 in Shanghai');
  t.equal(last('2019-01-11T09:00:00Z'), '20190111', '17:00 in Shanghai');
});

t.test('a missing prerequisite is named, with what to do', async (t) => {
  const missing = (of: Market | null, text: string, params = {}) =>
    t.throws(() => plan(params, of), { type: 'prerequisite_missing', message: new RegExp(text) });
  missing(market(10, { calendar: null, open_dates: [] }), 'calendar, which is empty: submit trade_cal full');
  missing(market(0), 'stock list, which is empty: submit stock_basic full');
  missing(market(10, { calendar: { first: '20190105', last: '20190120', days: 15 } }), 'without holes');
  missing(market(10), 'has 20190105 to 20190120 only', { start_date: '20180101' });
  missing(market(10), 'has 20190105 to 20190120 only', { end_date: '20190121' });
});

t.test('a calendar is asked for in whole years under the cap, to the end of next year', async (t) => {
  const units = planUnits(tableDataset('trade_cal'), 'full', {}, null, NOW);
  const years = units.flatMap((unit) => unit.partitions);
  t.equal(years[0], '1990');
  t.equal(years.at(-1), '2020');
  t.equal(units.length, 3);
  for (const { expected } of units) t.ok(expected.reduce<number>((sum, days) => sum + (days ?? 0), 0) < 5000);
  t.equal(units[0]?.expected[0], 13, '19 to 31 December 1990');
});

t.test('the stock list is asked for by every status', async (t) => {
  const units = planUnits(tableDataset('stock_basic'), 'full', {}, null, NOW);
  t.same(
    units.map((unit) => unit.partitions[0]),
    ['L', 'D', 'P', 'G'],
  );
});

t.test(
  'windows of a code: two calls for the longest history, one where its first day is not known',
  async (t) => {
    const dataset = tableDataset('index_daily');
    const spansFrom = (first: string | null) => {
      const codes = new Map([[dataset.fetch, [{ code: '000001.SH', first, last: null }]]]);
      const units = planUnits(dataset, 'full', {}, { ...market(0), codes }, new Date('2026-02-01T00:00:00Z'));
      return units.flatMap((unit) => unit.partitions.map((name) => name.split('/')[1]));
    };
    t.same(spansFrom('19901219'), ['19901219-20201231', '20210101-20511231'], '8,000 rows are 31 years');
    t.same(spansFrom('20040101'), ['20040101-20341231']);
    t.same(spansFrom(null), ['19901219-20511231']);
  },
);
