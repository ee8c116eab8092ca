/** Is today in? What the board says at each hour of a trading day. */
import t from 'tap';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import { freshnessOf } from '../../src/sync/freshness.ts';

const catalogue = await loadCatalogue({ DATASETS_PATH: '' });
const table = (name: string) => catalogue.get(name) as TableDataset;
/** A week, Monday to Friday, and the Monday after it. */
const OPEN = ['20251201', '20251202', '20251203', '20251204', '20251205', '20251208'];
const at = (time: string) => new Date(`2025-12-04T${time}:00+08:00`);
const [UNTIL_3, UNTIL_4] = [new Set(OPEN.slice(0, 3)), new Set(OPEN.slice(0, 4))];

t.test('daily over a trading day: due, in, late, behind', async (t) => {
  // published 17:00, late until 20:00
  const daily = (done: Set<string>, time: string, sync: Date | null = null) =>
    freshnessOf(table('daily'), OPEN, done, sync?.getTime() ?? null, at(time));
  t.match(daily(UNTIL_3, '09:00'), {
    state: 'due',
    expected: '20251203',
    latest: '20251203',
    behind: 0,
    next: '20251204',
    next_at: at('17:00').getTime(),
  });
  t.match(daily(UNTIL_3, '16:59'), { state: 'due', expected: '20251203' });
  t.match(daily(UNTIL_3, '17:00'), {
    state: 'late',
    expected: '20251204',
    latest: '20251203',
    behind: 1,
    published_at: at('17:00').getTime(),
  });
  t.match(daily(UNTIL_4, '18:10'), { state: 'in', expected: '20251204', behind: 0, next: '20251205' });
  t.match(daily(UNTIL_3, '20:00'), { state: 'behind', behind: 1 });
  t.match(daily(UNTIL_3, '20:00', at('21:00')), { state: 'late' }, 'a schedule asks for it later today');
  t.match(daily(UNTIL_3, '23:00', new Date('2025-12-05T18:00:00+08:00')), { state: 'behind' });
  t.match(daily(new Set(['20251201']), '18:00'), { state: 'behind', behind: 3, latest: '20251201' });
  t.match(daily(new Set(), '18:00'), { state: 'behind', latest: null });
});

t.test('closed days, the next morning, lists, and what comes at no fixed time', async (t) => {
  const saturday = new Date('2025-12-06T12:00:00+08:00');
  t.match(freshnessOf(table('daily'), OPEN, new Set(OPEN.slice(0, 5)), null, saturday), {
    state: 'in',
    expected: '20251205',
    next: '20251208',
  });
  // margin_detail: the next trading day's morning
  const margin = table('margin_detail');
  t.equal(margin.published?.days_later, 1);
  t.match(freshnessOf(margin, OPEN, UNTIL_3, null, at('23:00')), { state: 'in', expected: '20251203' });
  t.equal(
    freshnessOf(margin, OPEN, UNTIL_3, null, at('23:00')).next_at,
    Date.parse(`2025-12-05T${margin.published?.at}:00+08:00`),
  );
  t.match(freshnessOf(table('stock_basic'), OPEN, new Set(), null, at('12:00')), {
    state: 'snapshot',
    expected: null,
    behind: 0,
  });
  const announced = [...catalogue.all()].find(
    (one): one is TableDataset =>
      one.runner === undefined && one.fetch.by === 'calendar_date' && !one.published,
  ) as TableDataset;
  const { expected, behind } = freshnessOf(announced, OPEN, new Set(), null, at('12:00'));
  t.ok(expected && behind > 1, announced.name);
  const allButToday = new Set(
    Array.from({ length: 60 }, (_, back) =>
      new Date(Date.parse(`2025-12-03T00:00:00Z`) - back * 86_400_000)
        .toISOString()
        .slice(0, 10)
        .replaceAll('-', ''),
    ),
  );
  if (expected === '20251204')
    t.match(freshnessOf(announced, OPEN, allButToday, null, at('12:00')), { state: 'due', behind: 1 });
});
