/** What should be there, told cheaply: the same as the plan of everything says, for every dataset of the catalogue. */
import t from 'tap';
import type { TableDataset } from '../../src/datasets/dataset.ts';
import { addDays, weekdayOf } from '../../src/datasets/dates.ts';
import { modesOf } from '../../src/datasets/modes.ts';
import { loadCatalogue } from '../../src/datasets/own-datasets.ts';
import { refusalOf } from '../../src/datasets/refusal.ts';
import { gridColumns, gridRow } from '../../src/sync/coverage-grid.ts';
import { dateOf } from '../../src/sync/coverage-view.ts';
import { expectedTimes } from '../../src/sync/expected-times.ts';
import { type Market, planUnits } from '../../src/sync/plan.ts';

const TIMES = new Set(['trade_date', 'calendar_date', 'month', 'period', 'year']);
const [FIRST, LAST] = ['20230601', '20251231'];

/** Open on weekdays but for the first week of October. */
function market(): Market & { open_dates: string[] } {
  const days: string[] = [];
  for (let date = FIRST; date <= LAST; date = addDays(date, 1)) days.push(date);
  const open_dates = days.filter((date) => weekdayOf(date) <= 5 && !/^\d{4}100[1-7]$/.test(date));
  const listings = [{ ts_code: '600000.SH', list_date: '19991110', delist_date: null }];
  return {
    open_dates,
    calendar: { first: FIRST, last: LAST, days: days.length },
    listings,
    codes: new Map(),
  };
}

t.test('expected times are the partitions of a plan of everything', async (t) => {
  const catalogue = await loadCatalogue({ DATASETS_PATH: '' });
  const known = market();
  const datasets = catalogue
    .all()
    .filter((one): one is TableDataset => one.runner === undefined && refusalOf(one) === null);
  let compared = 0;
  for (const dataset of datasets) {
    // before and after anything is published, in the middle of a week, and at the end of a month
    for (const moment of ['2025-06-18T09:00:00Z', '2025-06-17T22:00:00Z', '2025-06-30T15:30:00Z']) {
      const now = new Date(moment);
      const found = expectedTimes(dataset, known.open_dates, '20240110', '20250630', now);
      t.equal(found !== null, TIMES.has(dataset.fetch.by), dataset.name);
      if (!found) continue;
      const units = planUnits(dataset, modesOf(dataset)[0] ?? 'full', {}, known, now);
      const planned = units.flatMap(({ partitions }) => partitions).map((name) => dateOf(name) as string);
      const inside = planned.filter(
        (time) => time >= '20240110'.slice(0, time.length) && time <= '20250630'.slice(0, time.length),
      );
      const expected = found.times.flatMap((time) => new Array<string>(found.each).fill(time));
      t.strictSame(expected.sort(), inside.sort(), `${dataset.name} ${moment}`);
      compared += inside.length;
    }
  }
  t.ok(compared > 20_000, `${compared} partitions`);
});

t.test('closed days stand in the column before them, months in every column that they touch', async (t) => {
  const open = ['20250929', '20250930', '20251009', '20251010'];
  const columns = gridColumns('day', '20250928', '20251010', open);
  t.strictSame(columns, [
    { date: '20250929', first: '20250928', last: '20250929' },
    { date: '20250930', first: '20250930', last: '20251008' },
    { date: '20251009', first: '20251009', last: '20251009' },
    { date: '20251010', first: '20251010', last: '20251010' },
  ]);
  const count = (time: string | null, state: 'complete' | 'failed', partitions = 1) => ({
    dataset: 'x',
    time,
    state,
    partitions,
  });
  const counts = [
    count('20250928', 'complete'),
    count('20251005', 'failed'),
    count('20251010', 'complete', 2),
    count('202510', 'complete'),
    count(null, 'complete', 9),
  ];
  const expected = { times: ['20250929', '20250930', '20251009', '20251010'], each: 2 };
  t.strictSame(gridRow(columns, counts, expected), {
    complete: [1, 1, 1, 3],
    failed: [0, 1, 0, 0],
    absent: [1, 0, 1, 0],
  });
  t.strictSame(
    gridRow(columns, [], null),
    {},
    'nothing is absent where it is not known what should be there',
  );
  t.strictSame(
    gridColumns('week', '20251001', '20251014', open).map(({ date }) => date),
    ['20251001', '20251006', '20251013'],
  );
  t.strictSame(
    gridColumns('month', '20250928', '20251101', open).map(({ first, last }) => [first, last]),
    [
      ['20250928', '20250930'],
      ['20251001', '20251031'],
      ['20251101', '20251101'],
    ],
  );
});
