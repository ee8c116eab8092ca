/**
 * `npm run pictures`: every page as a picture in docs/images, in both themes and languages, with a market that the
 * simulator generates. PICTURES_FOLDER: another folder, and there also phones and what a page says when parts are away.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { loadConfig } from '../../src/config.ts';
import { addDays, shanghaiClock, weekdayOf } from '../../src/datasets/dates.ts';
import { openStore } from '../../src/store/store.ts';
import { type Api, startApi } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { submit, until } from '../support/queue.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { startSupervisor } from '../support/supervisor.ts';
import { somethingEnded } from './support/ended.ts';
import { somethingScheduled } from './support/scheduled.ts';
import { smallPng } from './support/small-png.ts';

const KEPT = path.join(import.meta.dirname, '../../docs/images');
const folder = process.env.PICTURES_FOLDER ?? KEPT;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Both themes and both languages; dark and Chinese at once only where they are looked at. */
const LOOKS: Record<string, BrowserContextOptions> = {
  '': {},
  '-dark': { colorScheme: 'dark' },
  '-zh': { locale: 'zh-CN' },
  ...(folder === KEPT ? {} : { '-dark-zh': { colorScheme: 'dark', locale: 'zh-CN' } }),
};
const DESK = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };
const SHANGHAI = { timezoneId: 'Asia/Shanghai' };

t.test('pictures', { timeout: 900_000 }, async (t) => {
  fs.mkdirSync(folder, { recursive: true });
  const stack = await startStack(t, { DATASETS_PATH: '' });
  const browser = await startBrowser(t);
  const supervisor = await startSupervisor(t, stack.env);
  await aQuarterOf(stack);
  const api = await startApi(t, stack.env);
  const pages = await somethingToSee(t, stack, api);
  for (const [name, address] of Object.entries(pages)) {
    for (const [look, options] of Object.entries(LOOKS))
      await picture(browser, api.url + address, `dashboard-${name}${look}`, { viewport: DESK, ...options });
    if (folder !== KEPT || name === 'coverage') {
      const options = { viewport: PHONE, locale: 'zh-CN', deviceScaleFactor: 2 };
      const file = name === 'coverage' ? 'dashboard-phone-zh' : `dashboard-phone-${name}-zh`;
      await picture(browser, api.url + address, file, options);
    }
  }
  await logIns(t, stack, browser);
  if (folder !== KEPT) {
    await nothingYet(t, browser);
    await supervisor.kill();
    await trouble(stack, api, browser);
  }
});

/** Three months of what people keep, fetched from the simulator; two datasets are some days behind. */
async function aQuarterOf({ queue, simulator }: Stack): Promise<void> {
  const { date: today } = shanghaiClock(new Date());
  const start_date = addDays(today, -90);
  const done = (id: string) =>
    until(queue, id, ({ status }) => status === 'completed' || status === 'failed', 300_000);
  for (const dataset of ['trade_cal', 'stock_basic']) await done(await submit(queue, dataset));
  const ends = { daily: 0, adj_factor: 0, daily_basic: -4 };
  const histories = Object.entries(ends).map(([dataset, ago]) => {
    const params = { start_date, end_date: addDays(today, ago) };
    return submit(queue, dataset, { mode: 'history', timeout_seconds: 3600, params });
  });
  for (const id of await Promise.all(histories)) await done(id);
  await simulator.addFaults({ fault: 'api_error', error: 'no_permission', api_name: 'ths_index' });
  for (const dataset of ['ths_index', 'ths_index']) await done(await submit(queue, dataset));
}

/** @returns the pages by name, with something on each: what runs, waits, failed, belongs together */
async function somethingToSee(
  t: Test,
  { env, queue, simulator, database }: Stack,
  api: Api,
): Promise<Record<string, string>> {
  const store = openStore(loadConfig(env), { applicationName: 'pictures' });
  t.teardown(() => store.close());
  await database.query('UPDATE scheduler_job_config SET enabled = true');
  const now = Date.now();
  await somethingScheduled(store, now - ((now - 10 * HOUR_MS) % DAY_MS));
  await somethingEnded(database);
  await simulator.setLatency(1_500);
  const long = { mode: 'history', timeout_seconds: 3600 } as const;
  const params = { start_date: '20160104', end_date: '20251231' };
  const running = await submit(queue, 'daily_basic', { ...long, params });
  const waiting = await submit(queue, 'daily_basic', {
    ...long,
    params: { ...params, end_date: '20201231' },
  });
  const tasks = [
    { dataset: 'trade_cal' },
    { dataset: 'daily', mode: 'history', params },
    { dataset: 'ths_index' },
  ];
  const { execution_id } = (await api.post('/api/v1/executions', { tasks })).body.data;
  await until(queue, running, ({ progress }) => progress > 0, 60_000);
  const failed = (await queue.list({ status: 'failed', limit: 1 })).tasks[0]?.task_id;
  const missing = lastFriday();
  return {
    overview: '/',
    coverage: '/coverage',
    'coverage-day': `/coverage?chosen=daily_basic.${missing}.${missing}`,
    'coverage-dataset': '/coverage?dataset=daily',
    executions: '/executions',
    execution: `/executions/${execution_id}`,
    tasks: '/tasks',
    task: `/tasks/${running}`,
    'task-waiting': `/tasks/${waiting}`,
    'task-failed': `/tasks/${failed}`,
    datasets: '/datasets',
    dataset: '/datasets/daily?code=000001.SZ',
    schedules: '/schedules',
    activity: '/activity',
    workers: '/workers',
    health: '/system',
  };
}

/** YYYYMMDD of the last one that is over. */
function lastFriday(): string {
  const { date } = shanghaiClock(new Date());
  return addDays(date, -((weekdayOf(date) + 2) % 7 || 7));
}

async function logIns(t: Test, { env }: Stack, browser: Browser): Promise<void> {
  const api = await startApi(t, {
    ...env,
    API_READ_TOKENS: 'ann:reader',
    API_OPERATE_TOKENS: 'ops:operator',
  });
  for (const [look, options] of Object.entries(LOOKS)) {
    const { page } = await openPage(browser, api.url, { viewport: DESK, ...SHANGHAI, ...options });
    await page.goto(api.url);
    await page.locator('input').fill('not a token');
    await page.keyboard.press('Enter');
    await page.locator('p[class*="-error"]').waitFor();
    await keep(page, `dashboard-login${look}`);
    await page.context().close();
  }
}

/** What a page says when work has nobody, or parts are away; only in another folder than docs/images. */
async function trouble(stack: Stack, api: Api, browser: Browser): Promise<void> {
  const { page } = await openPage(browser, api.url, { viewport: DESK, ...SHANGHAI, locale: 'zh-CN' });
  await page.goto(api.url);
  await connection(page, 'live');
  await page.locator('[role=alert]').first().waitFor();
  await keep(page, 'trouble-nobody-lives');
  await page.goto(`${api.url}/workers`);
  await loaded(page);
  await keep(page, 'trouble-no-workers');
  await page.route('**/api/v1/tasks*', (route) => route.fulfill({ status: 500, body: 'broken' }));
  await page.goto(`${api.url}/tasks`);
  await page.getByRole('alert').filter({ hasText: '无法加载' }).waitFor();
  await keep(page, 'trouble-error');
  await page.route('**/api/v1/datasets*', () => {});
  await page.goto(`${api.url}/datasets`);
  await page.locator('[aria-busy=true]').first().waitFor();
  await keep(page, 'trouble-loading');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await stack.redis.stop();
  await page.goto(api.url);
  await connection(page, 'polling');
  await page.getByText('任务队列不可用').first().waitFor();
  await keep(page, 'trouble-redis-away');
  await api.stop();
  await connection(page, 'disconnected');
  await keep(page, 'trouble-web-away');
  await page.context().close();
}

async function nothingYet(t: Test, browser: Browser): Promise<void> {
  const stack = await startStack(t, { DATASETS_PATH: '' });
  const api = await startApi(t, stack.env);
  for (const name of [
    '',
    'coverage',
    'executions',
    'tasks',
    'datasets/daily',
    'schedules',
    'activity',
    'workers',
    'system',
  ])
    await picture(browser, `${api.url}/${name}`, `empty-${name.replace('/', '-')}`, { viewport: DESK });
}

/** Resolves when nothing on the page is being loaded any more. */
const loaded = (page: Page) => page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });

async function picture(browser: Browser, address: string, name: string, options: BrowserContextOptions) {
  const { page, faults } = await openPage(browser, new URL(address).origin, { ...SHANGHAI, ...options });
  await page.goto(address);
  await connection(page, 'live');
  await loaded(page);
  await keep(page, name);
  if (faults.length) throw new Error(`${name}: ${faults.join('; ')}`);
  await page.context().close();
}

/** The whole page, up to a height that a document bears. */
async function keep(page: Page, name: string): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => 0)');
  const { width, height } = page.viewportSize() as { width: number; height: number };
  const whole = (await page.evaluate('document.documentElement.scrollHeight')) as number;
  await page.setViewportSize({ width, height: Math.min(1600, Math.max(height, whole)) });
  await page.waitForTimeout(300); // charts and tables follow the new size
  fs.writeFileSync(path.join(folder, `${name}.png`), smallPng(await page.screenshot()));
}
