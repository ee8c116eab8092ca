/** Coverage in a real browser: the heatmap of all datasets, down to a day and a symbol, and filling what is missing. */
import type { Browser, Locator, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { type Api, startApi } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { submit, until } from '../support/queue.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { fillKept, type Kept } from './support/kept.ts';

let stack: Stack;
let api: Api;
let browser: Browser;
let kept: Kept;

t.before(async () => {
  stack = await startStack(t, {});
  kept = await fillKept(stack.database);
  [api, browser] = await Promise.all([startApi(t, stack.env), startBrowser(t)]);
});

async function onPage(t: Test, address: string, steps: (page: Page) => Promise<void>): Promise<void> {
  const { page, faults } = await openPage(browser, api.url, { viewport: { width: 1280, height: 900 } });
  await page.goto(api.url + address);
  await connection(page, 'live');
  await page.locator('.heat-name, .months').first().waitFor();
  await steps(page);
  t.same(faults, [], 'no error, no violation of the policy, no other host');
  await page.context().close();
}

const told = (page: Page, text: string | RegExp) => page.locator('[data-told]', { hasText: text }).waitFor();
const dashed = (day: string) => `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
/** The row of a dataset: where its name is, and the cells right of it. */
async function rowOf(page: Page, dataset: string) {
  const name = await page.locator('.heat-name', { hasText: dataset }).first().boundingBox();
  const cells = await page.locator('.heat-cells').first().boundingBox();
  if (!name || !cells) throw new Error(`no row of ${dataset}`);
  return { y: name.y + name.height / 2, left: cells.x, width: cells.width };
}

t.test('keys: a cell is told, a day is opened, and shows which codes are missing', async (t) => {
  const partial = kept.open.at(-30) as string;
  await onPage(t, '/coverage', async (page) => {
    t.equal(await page.locator('.heat-name').count(), 9, 'only what is kept');
    await page.locator('[role=application]').focus();
    await page.keyboard.press('ArrowDown'); // the last day of the first row
    await told(page, 'not by day');
    for (let row = 0; row < 3; row += 1) await page.keyboard.press('ArrowDown');
    await told(page, /^daily, .*: complete$/);
    for (let day = 0; day < 29; day += 1) await page.keyboard.press('ArrowLeft');
    await told(page, `daily, ${dashed(partial)}: partial`);
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText('15 codes without a row').waitFor();
    t.match(await drawer.innerText(), /Rows expected\s+24[\s\S]*Rows fetched\s+9/);
    await drawer.getByText('To fetch').waitFor();
    await drawer.getByRole('link', { name: '600012.SH' }).click();
    await page.getByText(/^\d+ with a row/).waitFor();
    await page.getByText(`${dashed(partial)} · 1 day · missing`).waitFor();
  });
});

t.test('the pointer: a range is dragged over, its gaps and the cost of filling are told', async (t) => {
  await onPage(t, '/coverage', async (page) => {
    const { y, left, width } = await rowOf(page, 'moneyflow');
    const column = width / kept.open.filter((day) => day > `${Number(kept.today) - 10_000}`).length;
    await page.mouse.move(left + width - 40 * column, y);
    await page.mouse.down();
    await page.mouse.move(left + width - 10 * column, y, { steps: 4 });
    await told(page, /^moneyflow, .* – .*: .* of \d+ complete.*1 of \d+ failed/);
    await page.mouse.up();
    const drawer = page.getByRole('dialog');
    await drawer.getByText('What is missing here').waitFor();
    await drawer.getByRole('button', { name: dashed(kept.open.at(-28) as string) }).click();
    await page.waitForURL(new RegExp(`chosen=moneyflow.${kept.open.at(-28)}`));
    await drawer.getByText('failed', { exact: true }).first().waitFor();
  });
});

t.test('from years to a month, all 164 by a switch, a filter; the address keeps it', async (t) => {
  await onPage(t, '/coverage?span=all', async (page) => {
    await page.locator('.heat-zoom', { hasText: kept.today.slice(0, 4) }).click();
    await page.waitForURL(/span=\d{4}$/);
    // the years stay until the months are there
    const month = page.locator('.heat-zoom', { hasText: /^\d\d-\d\d$/ });
    await month.last().click();
    await page.waitForURL(/span=\d{4}-\d{2}$/);
    await page.getByRole('switch').click();
    await page.locator('.heat-name').nth(163).waitFor();
    await page.getByLabel('Filter datasets').fill('复权因子');
    await page.locator('.heat-name').nth(10).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('.heat-name', { hasText: 'adj_factor' }).waitFor();
  });
});

t.test('a gap is filled from the heatmap, and its cell turns complete while one looks', async (t) => {
  const supervisor = await startSupervisor(t, stack.env);
  const missing = kept.open.at(-29) as string;
  await onPage(t, `/coverage?chosen=daily.${missing}.${missing}`, async (page) => {
    const drawer = page.getByRole('dialog', { name: /^daily/ });
    await drawer.getByRole('button', { name: 'Fill the gaps' }).click();
    const ask = page.getByRole('dialog', { name: 'Fill the gaps' });
    await ask.getByRole('button', { name: 'Fill the gaps' }).click();
    await page.waitForURL(/\/tasks\/\w+$/);
    const id = page.url().split('/').at(-1) as string;
    await page.goBack();
    await until(stack.queue, id, ({ status }) => status === 'completed', 60_000);
    await drawer.getByText('complete', { exact: true }).first().waitFor({ timeout: 45_000 });
  });
  await supervisor.stop();
});

t.test('is today in? The overview says it of each dataset', async (t) => {
  // no supervisor is there that would follow it
  await stack.database.query(
    `UPDATE scheduler_job_config SET enabled = true WHERE job_id = 'sync_incremental_finance'`,
  );
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(api.url);
  const stateOf = (dataset: string) => page.locator(`[data-dataset=${dataset}]`).getAttribute('data-state');
  t.ok(['in', 'due'].includes((await stateOf('daily')) ?? ''));
  t.equal(await stateOf('stk_limit'), 'behind');
  t.equal(await stateOf('stock_basic'), 'snapshot');
  const never = page.locator('[data-state=never]').first();
  await never.getByText('nothing fetched yet').waitFor();
  const colors = (line: Locator) => line.locator('.mantine-Badge-root').getAttribute('style');
  t.match(await colors(never), /--mantine-color-blue/, 'no failure of a first run');
  t.match(await colors(page.locator('[data-dataset=stk_limit]')), /--mantine-color-red/);
  // from the last day that is there: its drawer says what is missing, and fills it
  const behind = page.locator('[data-dataset=stk_limit]').getByRole('link', { name: /^1[0-2] days behind$/ });
  const last = kept.open.at(-13);
  t.match(await behind.getAttribute('href'), new RegExp(`^/coverage\\?chosen=stk_limit.${last}.\\d{8}$`));
  const [fails, runs] = [await submit(stack.queue, 'stk_limit'), await submit(stack.queue, 'moneyflow')];
  const claimed = await stack.queue.claim({ supervisor_id: 'sup-1', free: 9, lease_ms: 60_000 });
  const fence = claimed.find(({ task_id }) => task_id === fails)?.fence ?? 0;
  const outcome = { kind: 'failed', error_type: 'network', error_message: 'refused' } as const;
  await stack.queue.finish([{ task_id: fails, supervisor_id: 'sup-1', fence, outcome }]);
  const why = page.locator('[data-dataset=stk_limit]').getByRole('link', { name: /^a task of it failed/ });
  t.equal(await why.getAttribute('href'), `/tasks/${fails}`);
  const doing = page.locator('[data-dataset=moneyflow]').getByRole('link', { name: 'being fetched now: 0%' });
  t.equal(await doing.getAttribute('href'), `/tasks/${runs}`);
  t.same(faults, []);
  await page.context().close();
});
