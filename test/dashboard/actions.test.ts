/** What a person does in the page, in a real browser on the real stack, and what happens when parts of it go away. */
import { Redis } from 'ioredis';
import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { startWeb } from '../../src/api/web.ts';
import { untilSo } from '../audit/support.ts';
import { type Api, startApi, testConfig } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { until } from '../support/queue.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { FIXTURE_DATASETS, startSupervisor } from '../support/supervisor.ts';

const AT = 'http://127.0.0.1';
let stack: Stack;
let api: Api;
let browser: Browser;

t.before(async () => {
  stack = await startStack(t, { DATASETS_PATH: FIXTURE_DATASETS });
  [api, browser] = await Promise.all([startApi(t, stack.env), startBrowser(t)]);
});

/** A test on a page at an address, which must not have done what no page may do. */
function onPage(name: string, address: string, steps: (page: Page, t: Test) => Promise<void>): void {
  t.test(name, async (t) => {
    const { page, faults } = await openPage(browser, api.url);
    await page.goto(api.url + address);
    await connection(page, 'live');
    await steps(page, t);
    t.same(faults, [], 'no error, no violation of the policy, no other host');
    await page.context().close();
  });
}

/** The button of a dialog that asks first. */
const confirm = (page: Page, name: string) =>
  page.getByRole('dialog').getByRole('button', { name, exact: true }).click();

onPage('a task is submitted, waits with its reason, is cancelled, and runs again', '/', async (page, t) => {
  await page.getByRole('button', { name: 'Submit a task' }).click();
  await page.getByRole('textbox', { name: 'Dataset' }).fill('steady');
  await page.getByRole('option', { name: /^steady/ }).click();
  await page.getByLabel('More parameters (JSON)').fill('{"steps": 40, "step_ms": 50}');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.waitForURL(/\/tasks\/\w+$/);
  const first = page.url().split('/').at(-1) as string;
  t.same((await stack.queue.get(first))?.params, { steps: 40, step_ms: 50 });
  await page.getByText('No supervisor is alive to run it').waitFor();
  await page.getByRole('alert').getByText('nobody is there to do it').waitFor();
  await page.getByRole('button', { name: '中文' }).click();
  const why = await page.getByRole('alert', { name: '等待原因' }).innerText();
  t.match(why, /没有存活的 supervisor 来运行它/);
  t.notMatch(why.replaceAll('supervisor', ''), /[a-z]{3}/i, 'nothing of it is English');
  await page.getByRole('button', { name: 'English' }).click();

  await page.getByRole('button', { name: 'Cancel' }).click();
  t.equal((await stack.queue.get(first))?.status, 'pending', 'it has only asked');
  await confirm(page, 'Cancel');
  await page.getByText('The task is cancelled.').waitFor();
  t.equal((await stack.queue.get(first))?.status, 'cancelled');

  await page.getByRole('button', { name: 'Run again', exact: true }).click();
  await confirm(page, 'Run again');
  await page.waitForURL((url) => url.pathname.startsWith('/tasks/') && !url.pathname.endsWith(first));
  const second = page.url().split('/').at(-1) as string;
  const supervisor = await startSupervisor(t, stack.env);
  await page.getByText(/^step \d+$/).waitFor(); // its progress comes by itself
  t.equal((await until(stack.queue, second, ({ status }) => status === 'completed')).retry_of, first);
  await page.locator('header ~ * >> text=Completed').first().waitFor();
  await supervisor.stop();
});

onPage(
  'a running task is stopped from the list; the filter stands in the address',
  '/tasks',
  async (page, t) => {
    const supervisor = await startSupervisor(t, stack.env);
    const { task_id } = (await api.post('/api/v1/tasks', { dataset: 'spin' })).body.data;
    const row = page.locator(`[data-task="${task_id}"]`);
    await row.getByRole('button', { name: 'Stop' }).click();
    await confirm(page, 'Stop');
    await row.getByText('Cancelled').waitFor();
    t.equal((await stack.queue.get(task_id))?.status, 'cancelled');

    await page.locator('label', { hasText: /^Completed$/ }).click();
    await page.waitForURL(/status=completed/);
    await row.waitFor({ state: 'detached' });
    await page.goto(`${api.url}/tasks?status=cancelled&job_type=spin.full`);
    await row.waitFor();
    t.equal(await page.locator('[data-task]').count(), 1, 'and works when it is opened');
    await supervisor.stop();
  },
);

onPage(
  'what has left the queue is found in the history, and says so',
  '/executions?place=history',
  async (page, t) => {
    const supervisor = await startSupervisor(t, stack.env);
    const tasks = [{ dataset: 'fails', params: { type: 'data_rejected' } }];
    const { data } = (await api.post('/api/v1/executions', { tasks, max_attempts: 1 })).body;
    const [execution, task] = [data.execution_id, data.tasks[0].task_id] as [string, string];
    await untilSo(
      'the history has it',
      async () =>
        (await api.get(`/api/v1/history/executions?id=${execution}`)).body.data.executions.length === 1,
    );
    await supervisor.stop();
    const redis = new Redis(stack.redis.url);
    t.teardown(() => redis.disconnect());
    for (const key of [`execution:${execution}`, `members:${execution}`, `task:${task}`])
      await redis.del(`{stock}:${key}`); // as after 7 days
    await page.reload();
    await page.getByRole('link', { name: 'fails.full' }).click();
    await page.waitForURL(`**/executions/${execution}`);
    const alert = page.getByRole('alert').filter({ hasText: 'This execution has left the queue' });
    await alert.waitFor();
    t.equal(await page.getByRole('button', { name: /Run again/ }).count(), 0, 'what can not be done');
    await page.getByRole('link', { name: 'fails.full' }).click();
    await page.waitForURL(`**/tasks/${task}`);
    await page.getByText('This task has left the queue').waitFor();
    t.equal(await page.getByRole('button', { name: /run again/i }).count(), 0, 'is not offered');

    await page.goto(`${api.url}/tasks?status=pending`);
    await page.locator('label', { hasText: /^History$/ }).click();
    await page.waitForURL(/tasks\?place=history$/); // nothing of it waits
    const row = page.locator(`[data-task="${task}"]`);
    await row.waitFor();
    t.equal(await page.getByRole('button', { name: 'All that match' }).count(), 0);
    await page.getByLabel('Ended on this day or earlier, in Shanghai').fill('2020-01-02');
    await page.getByText('None is as the filter says').waitFor();
    await page.getByLabel('Ended on this day or earlier, in Shanghai').fill('');
    await page.getByRole('textbox', { name: 'Dataset' }).fill('fails');
    await page.waitForURL(/tasks\?place=history&dataset=fails$/);
    await row.waitFor();
  },
);

onPage('a supervisor is drained, and resumed', '/workers', async (page, t) => {
  const supervisor = await startSupervisor(t, stack.env);
  const drains = async () => (await stack.queue.crew()).supervisors.map(({ draining }) => draining);
  await page.getByRole('button', { name: 'Drain' }).click();
  t.same(await drains(), [false], 'it has only asked');
  await confirm(page, 'Drain');
  await page.getByText('It drains: within 2 s it takes nothing new.').waitFor();
  await page.getByText('draining', { exact: true }).waitFor();
  t.same(await drains(), [true]);
  await page.getByRole('button', { name: 'Resume' }).click();
  await confirm(page, 'Resume');
  await page.getByText('It takes tasks again, within 2 s.').waitFor();
  await page.getByText('draining', { exact: true }).waitFor({ state: 'detached' });
  t.same(await drains(), [false]);
  await supervisor.stop();
});

onPage('what the API refuses is said in the dialog', '/datasets/daily', async (page, t) => {
  await page.getByRole('button', { name: 'Submit a task' }).click();
  await page.getByLabel('From', { exact: true }).fill('2026-02-02');
  await page.getByLabel('To', { exact: true }).fill('2026-01-02');
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('alert').getByText('the range is backwards').waitFor();
  t.pass('it stands where it was asked');
});

onPage('language, theme and keys', '/', async (page, t) => {
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { name: '总览' }).waitFor();
  await page.getByRole('button', { name: '主题：跟随系统' }).click();
  await page.getByRole('button', { name: '主题：浅色' }).click();
  await page.reload();
  await page.getByRole('heading', { name: '总览' }).waitFor();
  t.equal(await page.getAttribute('html', 'data-mantine-color-scheme'), 'dark', 'both are remembered');
  t.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.waitForURL(/\/tasks$/);
  await page.locator('[data-filter]').waitFor();
  await page.keyboard.press('/');
  t.ok(await page.evaluate("document.activeElement.hasAttribute('data-filter')"));
  await page.keyboard.type('g o?');
  t.match(page.url(), /\/tasks/, 'letters that are typed are no keys');
  await page.keyboard.press('Escape');
  await page.locator('h2').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '键盘快捷键' }).waitFor();
});

t.test('a range of months is dragged over, planned and filled', async (t) => {
  const supervisor = await startSupervisor(t, stack.env);
  for (const dataset of ['stock_basic', 'trade_cal']) {
    const { task_id } = (await api.post('/api/v1/tasks', { dataset })).body.data;
    await until(stack.queue, task_id, ({ status }) => status === 'completed', 60_000);
  }
  await supervisor.stop();
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(`${api.url}/coverage?dataset=daily`);
  await page.getByLabel(/^2025-03:/).hover();
  await page.mouse.down();
  await page.getByLabel(/^2025-02:/).hover();
  await page.getByLabel(/^2025-01:/).hover();
  await page.mouse.up();
  await page.getByText('2025-01-01 – 2025-03-31').waitFor();
  t.equal(await page.locator('.month[aria-pressed=true]').count(), 3);
  await page.getByRole('button', { name: 'Fill the gaps' }).waitFor();
  const calls = /Calls\s+(\d+)/.exec(await page.locator('main').innerText())?.[1];
  await page.getByRole('button', { name: 'Fill the gaps' }).click();
  await page.getByRole('dialog').getByText(`: ${calls} calls of TuShare`).waitFor();
  await confirm(page, 'Fill the gaps');
  await page.waitForURL(/\/tasks\/\w+$/);
  const task = await stack.queue.get(page.url().split('/').at(-1) as string);
  t.match(task, {
    job_type: 'daily.backfill',
    params: { start_date: '20250101', end_date: '20250331', missing: true },
  });
  t.same(faults, []);
  await page.context().close();
});

onPage('Redis away, and web away: the page says so, and comes back by itself', '/', async (page, t) => {
  await stack.redis.stop();
  await connection(page, 'polling');
  await page.getByText('The queue is not available').first().waitFor();
  await page.reload(); // nothing is known of before: each part says that it could not be loaded
  for (const part of ['Running now', 'Call budget', 'Failures, grouped'])
    await page
      .locator('main .mantine-Card-root', { has: page.getByRole('heading', { name: part }) })
      .getByText('The task queue is not available')
      .waitFor();
  await stack.redis.restart();
  await connection(page, 'live');

  const first = await startWeb(testConfig(stack.env));
  t.teardown(() => first.stop());
  const { page: other } = await openPage(browser, first.url);
  await other.goto(`${first.url}/system`);
  await connection(other, 'live');
  await first.stop();
  await connection(other, 'disconnected');
  await other.getByRole('alert').getByText('Dayline does not answer.').waitFor();
  const PORT = new URL(first.url).port;
  const again = await startWeb(testConfig({ ...stack.env, PORT }));
  t.teardown(() => again.stop());
  t.equal(again.url, `${AT}:${PORT}`);
  await connection(other, 'live');
  await other.context().close();
});

onPage('copying works on plain http', '/datasets/daily', async (page, t) => {
  // what a page on plain http finds, except on loopback
  await page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })");
  await page.getByRole('button', { name: 'Copy', exact: true }).first().click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  const filter = page.getByRole('textbox', { name: 'Job type' });
  await filter.focus();
  await page.keyboard.press('Control+V');
  t.equal(await filter.inputValue(), 'select * from daily limit 100;');
});
