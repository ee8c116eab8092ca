/** The page about schedules, in a real browser: what it says, and what it does. */
import type { Browser, Page } from 'playwright-core';
import t from 'tap';
import type { Queue } from '../../src/queue/queue.ts';
import { freshSchedules, type Schedules } from '../scheduler/support/schedules.ts';
import { type Api, startApi } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { openTestQueue } from '../support/queue.ts';
import { freshRedis } from '../support/redis.ts';
import { somethingScheduled } from './support/scheduled.ts';

const HOUR_MS = 3_600_000;
let schedules: Schedules;
let queue: Queue;
let api: Api;
let browser: Browser;

t.before(async () => {
  const redis = await freshRedis(t);
  [schedules, browser] = await Promise.all([freshSchedules(t), startBrowser(t)]);
  await somethingScheduled(schedules.store, Date.now() - 2 * HOUR_MS);
  queue = await openTestQueue(t, redis.url);
  api = await startApi(t, { REDIS_URL: redis.url, DATABASE_URL: schedules.config.DATABASE_URL });
});

const jobCard = (page: Page, job_id: string) => page.locator(`[data-job="${job_id}"]`);

async function openSchedules(options: Parameters<typeof openPage>[2]) {
  const opened = await openPage(browser, api.url, options);
  await opened.page.goto(`${api.url}/schedules`);
  await connection(opened.page, 'live');
  return opened;
}

t.test('when a job runs in words, by both clocks, and what its runs came to', async (t) => {
  const { page, faults } = await openSchedules({ timezoneId: 'America/New_York' });
  const daily = jobCard(page, 'sync_daily_by_date');
  await daily.getByText('At 18:00, every day').waitFor();
  const rows = daily.getByRole('table', { name: 'Next five runs' }).locator('tbody tr');
  t.equal(await rows.count(), 5);
  // 18:00 in Shanghai is 05:00 in New York in winter, 06:00 in summer
  for (const row of await rows.allInnerTexts()) t.match(row, /18:00\s[\s\S]*0[56]:00/);
  const runs = daily.getByRole('list', { name: '18 succeeded, 2 failed' });
  t.equal(await runs.getByRole('listitem').count(), 20, 'of 23, the last 20');
  const failed = runs.getByRole('link', { name: /failed, .*no answer within 30 s/ });
  t.equal(await failed.count(), 2);
  t.equal(await failed.first().getAttribute('href'), '/tasks/daily-8', 'the oldest first');
  await daily.getByText('Last success: today').waitFor();
  await jobCard(page, 'sync_concept_data').getByRole('link', { name: 'The last run failed' }).waitFor();
  await jobCard(page, 'sync_daily_history').getByText('Not scheduled').waitFor();
  t.notMatch(await page.locator('main').innerText(), /[\u4e00-\u9fff]/, 'the API has Chinese names');

  const missed = page.getByRole('region', { name: 'Missed' }).locator('tbody tr');
  t.equal(await missed.count(), 10);
  await page.getByRole('button', { name: 'Show more' }).click();
  await missed.nth(11).waitFor();
  t.equal(await missed.count(), 12);
  t.match(await missed.first().innerText(), /sync_incremental_finance[\s\S]*no supervisor was there/);

  await page.getByRole('button', { name: '中文' }).click();
  await daily.getByText('每天 18:00').waitFor();
  const inChinese = page.getByRole('region', { name: '错过的运行' }).locator('tbody tr');
  t.match(await inChinese.first().innerText(), /当时没有存活的 supervisor/);
  await daily.getByRole('heading', { name: '日线增量同步' }).waitFor();
  await daily.getByRole('list', { name: '成功 18 次，失败 2 次' }).waitFor();
  t.same(faults, []);
  await page.context().close();
});

t.test('an edit: what the server refuses is said, what it took is shown', async (t) => {
  const { page, faults } = await openSchedules({ timezoneId: 'Asia/Shanghai' });
  const card = jobCard(page, 'sync_daily_by_date');
  await card.getByRole('button', { name: 'Edit' }).click();
  const dialog = page.getByRole('dialog');
  t.equal(await dialog.getByRole('button', { name: 'Save' }).isDisabled(), true, 'nothing is changed yet');
  await dialog.locator('label', { hasText: /^Cron$/ }).click();
  await dialog.getByLabel('Cron expression').fill('0 18 31 2 *');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('alert').getByText('is never due').waitFor();
  t.match(await schedules.configs.getByJobId('sync_daily_by_date'), { cron_expression: '0 18 * * *' });

  await dialog.getByLabel('Cron expression').fill('30 20 * * 1-5');
  await dialog.getByText('At 20:30, Monday through Friday').waitFor();
  await dialog.getByLabel('Parameters (JSON)').fill('{"target_date": ');
  t.equal(await dialog.getByRole('button', { name: 'Save' }).isDisabled(), true);
  await dialog.getByLabel('Parameters (JSON)').fill('{"target_date": "20260213"}');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('it holds within two seconds').waitFor();
  await dialog.getByText(/^Daily bars, each day · At 18:00, every day/).waitFor();
  await dialog.getByText(/At 20:30, Monday through Friday · .* · {"target_date":"20260213"}$/).waitFor();
  t.equal(await dialog.locator('tbody tr').count(), 5, 'and when it runs now');
  t.match(await schedules.configs.getByJobId('sync_daily_by_date'), {
    cron_expression: '30 20 * * 1-5',
    job_kwargs: { target_date: '20260213' },
    timezone: 'Asia/Shanghai',
    job_name: '日线增量同步',
  });
  await dialog.getByRole('button', { name: 'Done' }).click();
  await card.getByText('At 20:30, Monday through Friday').waitFor();
  t.same(faults, []);
  await page.context().close();
});

t.test('run now, turn off, turn on; each asks first and says what it did', async (t) => {
  const { page, faults } = await openSchedules({});
  const card = jobCard(page, 'sync_concept_data');
  const confirm = (name: string) =>
    page.getByRole('dialog').getByRole('button', { name, exact: true }).click();
  await card.getByRole('button', { name: 'Run now' }).click();
  t.equal((await queue.depth()).pending, 0, 'it has only asked');
  await confirm('Run now');
  await page.getByText('The task is in the queue.').waitFor();
  const link = page.getByRole('alert').getByRole('link');
  const task = await queue.get((await link.innerText()).trim());
  t.match(task, { job_type: 'concept.incremental', status: 'pending' });

  await card.getByRole('button', { name: 'Turn off' }).click();
  await confirm('Turn off');
  await page.getByText('The schedule is off.').waitFor();
  t.match(await schedules.configs.getByJobId('sync_concept_data'), { enabled: false });
  await card.getByRole('button', { name: 'Turn on' }).click();
  await confirm('Turn on');
  await page.getByText('The schedule is on.').waitFor();
  t.match(await schedules.configs.getByJobId('sync_concept_data'), { enabled: true });
  t.same(faults, []);
  await page.context().close();
});
