/** A dataset in a real browser: its rows page by page, and its K-line with adjusted prices. */
import t from 'tap';
import { adjusted, areBars, barsOf, factorsOf } from '../../src/dashboard/pages/datasets/candles.ts';
import { sqlOf } from '../../src/dashboard/pages/datasets/sql.ts';
import { startApi } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { startStack } from '../support/stack.ts';
import { fillKept } from './support/kept.ts';

t.test('rows by code and days, page by page; the SQL says the same; the K-line is adjusted', async (t) => {
  const stack = await startStack(t, {});
  const { open } = await fillKept(stack.database);
  const [api, browser] = await Promise.all([startApi(t, stack.env), startBrowser(t)]);
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(`${api.url}/datasets/daily?code=600000.SH`);
  await connection(page, 'live');
  const bars = page.locator('[data-bars]');
  await bars.locator('canvas').first().waitFor();
  const inAYear = open.filter((day) => day >= `${Number(open.at(-1)) - 10_000}`).length;
  const drawn = Number(await bars.getAttribute('data-bars'));
  t.ok(Math.abs(drawn - inAYear) <= 2, `${drawn} bars`);
  const close = Number(await bars.getAttribute('data-close'));
  await page.getByText('Backward', { exact: true }).click();
  await page.locator(`[data-close]:not([data-close="${close}"])`).waitFor();
  t.ok(Math.abs(Number(await bars.getAttribute('data-close')) - 2 * close) < 0.01, 'twice, by its factor');
  await page.getByText('3 y', { exact: true }).click();
  await page.locator(`[data-bars="${open.length}"]`).waitFor();

  const rows = page.locator('tbody tr', { hasText: '.SH' });
  t.equal(await rows.count(), 20);
  await page.getByLabel('ts_code', { exact: true }).last().fill('600003.sh');
  await page.waitForURL(/ts_code=600003\.SH/);
  await page.getByText('select * from daily where ts_code = ').waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText(/^21–40/).waitFor();
  t.equal(await rows.filter({ hasText: '600003.SH' }).count(), 20);
  t.same(faults, []);
  await page.context().close();
});

t.test('bars, factors and SQL', async (t) => {
  const column = (name: string) => ({ name, type: 'double', unit: null });
  const columns = ['ts_code', 'trade_date', 'open', 'high', 'low', 'close', 'vol'].map(column);
  const bars = barsOf({
    columns,
    rows: [
      ['x', '20250103', 6, 7, 5, 6.5, 10],
      ['x', '20250102', 10, 12, 9, 11, null],
      ['x', '20250106', null, 7, 5, 6, 1],
    ],
  });
  t.same(bars, {
    days: ['20250102', '20250103'],
    prices: [
      [10, 11, 9, 12],
      [6, 6.5, 5, 7],
    ],
    volumes: [null, 10],
  });
  const factors = factorsOf({
    columns: ['trade_date', 'adj_factor'].map(column),
    rows: [
      ['20250102', 1],
      ['20250103', 2],
    ],
  });
  t.same(adjusted(bars, factors, 'none'), bars);
  t.same(adjusted(bars, factors, 'forward').prices, [
    [5, 5.5, 4.5, 6],
    [6, 6.5, 5, 7],
  ]);
  t.same(adjusted(bars, factors, 'backward').prices, [
    [10, 11, 9, 12],
    [12, 13, 10, 14],
  ]);
  t.same(adjusted(bars, new Map(), 'forward'), bars, 'without factors nothing is invented');
  t.ok(areBars(columns.map(({ name }) => name)));
  t.notOk(areBars(['ts_code', 'trade_date', 'close']));
  t.equal(sqlOf('daily', 'trade_date', {}), 'select * from daily limit 100;');
  t.equal(
    sqlOf('x', '1w', { ts_code: "o'x", from: '20250102', to: '20250103' }),
    `select * from x where ts_code = 'o''x' and "1w" >= '20250102' and "1w" <= '20250103' limit 100;`,
  );
});
