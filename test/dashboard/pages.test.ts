/** Every page in a real browser: for everybody (axe), on a phone, without a request to another host. */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { startApi } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { openTestQueue, submit, until } from '../support/queue.ts';
import { startStack } from '../support/stack.ts';
import { FIXTURE_DATASETS, startSupervisor } from '../support/supervisor.ts';
import { fillKept } from './support/kept.ts';

const AXE = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
interface Violation {
  id: string;
  impact: string | null;
  nodes: { html: string; failureSummary?: string }[];
}

/** A stack with something to see on every page: a task that runs, one that waits for it, one that failed, an execution. */
async function somethingToSee(t: Test) {
  const stack = await startStack(t, { DATASETS_PATH: FIXTURE_DATASETS });
  const { open } = await fillKept(stack.database);
  const partial = open.at(-30);
  const api = await startApi(t, stack.env);
  await startSupervisor(t, stack.env);
  const queue = await openTestQueue(t, stack.redis.url);
  const failed = await submit(queue, 'fails', { max_attempts: 1, params: { type: 'data_rejected' } });
  const running = await submit(queue, 'spin');
  const waiting = await submit(queue, 'spin');
  const tasks = [{ dataset: 'noop' }, { dataset: 'steady', params: { steps: 2, step_ms: 10 } }];
  const execution = (await api.post('/api/v1/executions', { tasks })).body.data.execution_id;
  await until(queue, failed, ({ status }) => status === 'failed');
  await until(queue, running, ({ status }) => status === 'running');
  const addresses = [
    '/',
    '/tasks',
    '/tasks?place=history&dataset=fails',
    `/tasks/${failed}`,
    `/tasks/${running}`,
    `/tasks/${waiting}`,
    '/executions',
  ];
  // the history has what has ended when the auditor has copied it
  while ((await api.get(`/api/v1/history/tasks?id=${failed}`)).body.data.tasks.length === 0) await pause(50);
  return {
    api,
    failed,
    addresses: [
      ...addresses,
      `/executions/${execution}`,
      '/schedules',
      '/workers',
      '/activity',
      '/activity/tasks?status=failed',
      '/system',
      '/coverage',
      `/coverage?chosen=daily.${partial}.${partial}`,
      '/coverage?dataset=daily&symbol=600012.SH',
      '/datasets',
      '/datasets/daily',
      '/no-such-page',
    ],
  };
}

/** Changes the theme of the system, and waits until the page has followed to the last transition. */
async function dress(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.waitForSelector(`html[data-mantine-color-scheme=${colorScheme}]`);
  const transitions = 'document.getAnimations().filter((one) => one instanceof CSSTransition)';
  await page.evaluate(`Promise.allSettled(${transitions}.map(({ finished }) => finished)).then(() => 0)`);
}

/** Resolves when nothing on the page is being loaded any more. */
const loaded = (page: Page) => page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });

t.test('every page: for everybody, in both themes and languages, also on a phone', async (t) => {
  const { api, addresses, failed } = await somethingToSee(t);
  const browser = await startBrowser(t);

  await t.test('axe finds nothing serious', async (t) => {
    const { page, faults } = await openPage(browser, api.url, { colorScheme: 'light' });
    for (const address of addresses) {
      await page.goto(api.url + address);
      await connection(page, 'live');
      await loaded(page);
      await page.evaluate(AXE);
      t.same(await seriousFaults(page), [], `${address} light`);
      await dress(page, 'dark');
      t.same(await seriousFaults(page, ['color-contrast', 'link-in-text-block']), [], `${address} dark`);
      await dress(page, 'light');
    }
    t.same(faults, [], 'no error, no violation of the policy, no other host');
  });

  await t.test('fits a phone', async (t) => {
    const phone = { viewport: { width: 390, height: 844 }, locale: 'zh-CN', colorScheme: 'dark' } as const;
    const { page, faults } = await openPage(browser, api.url, phone);
    for (const address of addresses) {
      await page.goto(api.url + address);
      await connection(page, 'live');
      await loaded(page);
      const wide = await page.evaluate('document.documentElement.scrollWidth');
      t.ok((wide as number) <= 390, `${address} is ${wide} px wide`);
    }
    t.same(faults, []);
  });

  await t.test('a number of the activity leads to its tasks', async (t) => {
    const { page, faults } = await openPage(browser, api.url);
    await page.goto(`${api.url}/activity?range=1h`);
    await page.getByRole('img', { name: /^How many tasks ended/ }).waitFor();
    await page.getByRole('link', { name: 'fails.full', exact: true }).click();
    await page.waitForURL(/job_type=fails\.full/);
    await page.locator('.tile', { hasText: 'Failed' }).getByText('1', { exact: true }).waitFor();
    await page.getByRole('link', { name: 'fails.full, Failed: 1' }).click();
    await page.getByRole('heading', { name: 'Ended tasks' }).waitFor();
    const rows = page.locator('[data-task]');
    await rows.first().waitFor();
    t.equal(await rows.count(), 1);
    t.equal(await rows.getAttribute('data-task'), failed);
    await page.getByText('data_rejected').waitFor();
    t.same(faults, []);
  });
});

t.test('/docs shows every route, and asks no other host', async (t) => {
  const api = await startApi(t);
  const { page, faults } = await openPage(await startBrowser(t), api.url);
  await page.goto(`${api.url}/docs/`);
  await page.getByRole('heading', { name: /^Dayline/ }).waitFor();
  await page.locator('[data-path="/api/v1/executions/{id}/retry"]').waitFor();
  t.same(faults, []);
});

/** What axe calls serious or critical, with the element it is about. @param rules all, or only these */
async function seriousFaults(page: Page, rules?: string[]): Promise<string[]> {
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) };
  const found = await page.evaluate(
    `axe.run(${JSON.stringify(options)}).then(({ violations }) => violations)`,
  );
  return (found as Violation[])
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`);
}
