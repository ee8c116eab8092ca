/** Log-in by token, what a token that may only read can't do, and the log of what was done. */
import type { Browser, Page } from 'playwright-core';
import t from 'tap';
import { freshSchedules } from '../scheduler/support/schedules.ts';
import { type Api, startApi } from '../support/api.ts';
import { connection, openPage, startBrowser } from '../support/browser.ts';
import { freshRedis } from '../support/redis.ts';
import { seriousFaults } from './support/axe.ts';

let api: Api;
let browser: Browser;

t.before(async () => {
  const redis = await freshRedis(t);
  const [{ config }, started] = await Promise.all([freshSchedules(t), startBrowser(t)]);
  browser = started;
  api = await startApi(t, {
    REDIS_URL: redis.url,
    DATABASE_URL: config.DATABASE_URL,
    API_READ_TOKENS: 'ann:reader-secret',
    API_OPERATE_TOKENS: 'ops:operator-secret',
  });
});

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token', { exact: true }).fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

t.test('the log-in: for everybody, in both themes, on a phone; a wrong token is told', async (t) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, faults } = await openPage(browser, api.url, {
      colorScheme,
      viewport: { width: 390, height: 844 },
    });
    await page.goto(`${api.url}/schedules`);
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    t.equal(await page.getByRole('navigation').count(), 0, 'nothing else is there');
    await logIn(page, 'wrong');
    await page.getByText('This token is not known.').waitFor();
    t.same(await seriousFaults(page), [], colorScheme);
    t.ok((await page.evaluate<number>('document.documentElement.scrollWidth')) <= 390);
    t.same(faults, []);
    await page.context().close();
  }
});

t.test('who may operate: in, act, a session that ends and comes back to the same page, out', async (t) => {
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(`${api.url}/schedules?from=a-link`);
  await logIn(page, 'operator-secret');
  await connection(page, 'live');
  const card = page.locator('[data-job=sync_stock_basic]');
  const turnOff = async () => {
    await card.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off', exact: true }).click();
  };
  await turnOff();
  await page.getByText('The schedule is off.').waitFor();
  const stored = await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])');
  t.notMatch(stored, /secret|dayline_session/, 'no script can read the token or the cookie');

  await page.context().clearCookies();
  await page.getByText('The session is over.').waitFor();
  await logIn(page, 'operator-secret');
  await card.getByRole('button', { name: 'Turn on' }).waitFor();
  t.match(page.url(), /\/schedules\?from=a-link$/);
  await connection(page, 'live');

  await page.getByRole('link', { name: 'Health & limits' }).click();
  const log = page.getByRole('region', { name: 'Log of actions' });
  const row = log.locator('tbody tr', { hasText: 'PUT /scheduler/jobs/:job_id' });
  await row.waitFor();
  t.match(await row.innerText(), /ops[\s\S]*sync_stock_basic[\s\S]*JOB_UPDATED/);
  await log.getByLabel('Only by (name)').fill('stranger');
  await row.waitFor({ state: 'detached' });
  t.equal(
    await log.locator('tbody tr', { hasText: 'UNAUTHORIZED' }).count(),
    2,
    'the wrong tokens of before',
  );
  t.same(await seriousFaults(page), []);

  await page.getByRole('button', { name: 'Logged in as ops' }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('heading', { name: 'Log in' }).waitFor();
  t.equal(await page.getByText('The session is over.').count(), 0, 'nothing is known of it any more');
  t.same(await page.context().cookies(), []);
  t.same(faults, []);
  await page.context().close();
});

t.test('who may only read: every button that acts says why it does not', async (t) => {
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(`${api.url}/schedules`);
  await logIn(page, 'reader-secret');
  await connection(page, 'live');
  const card = page.locator('[data-job=sync_stock_basic]');
  for (const name of ['Run now', 'Edit', /Turn o(n|ff)/]) {
    const button = card.getByRole('button', { name });
    t.equal(await button.getAttribute('aria-disabled'), 'true', String(name));
    await button.click({ force: true });
    t.equal(await page.getByRole('dialog').count(), 0, String(name));
    await button.hover({ force: true });
    await page.getByRole('tooltip', { name: 'Your token may only read.' }).waitFor();
  }
  for (const path of ['/', '/datasets/daily']) {
    await page.goto(api.url + path);
    const submit = page.getByRole('button', { name: 'Submit a task' });
    t.equal(await submit.getAttribute('aria-disabled'), 'true', path);
  }
  t.same(faults, []);
  await page.context().close();
});
