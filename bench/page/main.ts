/**
 * The page with ten years of every dataset and 10,000 tasks: what the heatmap's question costs Postgres and web, how
 * large its answer is, and how long Chromium works to show it.
 *
 * usage: node test/run.ts -R tap bench/page/main.ts
 */
import zlib from 'node:zlib';
import type { Browser, CDPSession, Page } from 'playwright-core';
import t from 'tap';
import { addDays, shanghaiClock } from '../../src/datasets/dates.ts';
import { type Api, startApi } from '../../test/support/api.ts';
import { connection, openPage, startBrowser } from '../../test/support/browser.ts';
import { startStack } from '../../test/support/stack.ts';
import { fillLedger } from './full-ledger.ts';

const ROUNDS = 5;
const TASKS = 10_000;
const median = (numbers: number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;
const kb = (bytes: number): string => `${(bytes / 1000).toFixed(0)} kB`;

t.test('ten years of all datasets, and 10,000 tasks', { timeout: 190_000 }, async (t) => {
  const stack = await startStack(t, {});
  const today = shanghaiClock(new Date()).date;
  const entries = await fillLedger(stack.database, addDays(today, -3652), today);
  t.comment(`${entries} entries of the ledger`);
  const task = { dataset: 'daily', mode: 'backfill', job_type: 'daily.backfill', params: {} } as const;
  const limits = { priority: 2, max_attempts: 4, timeout_seconds: 60 } as const;
  await stack.queue.submit(Array.from({ length: TASKS }, () => ({ ...task, ...limits })));
  const [api, browser] = await Promise.all([startApi(t, stack.env), startBrowser(t)]);
  const ask = async (name: string, path: string) => t.comment(`${name}: ${await answerOf(api, path)}`);
  await ask('a month by day', `/coverage?by=day&from=${addDays(today, -30)}`);
  await ask('a year by day', `/coverage?by=day&from=${addDays(today, -365)}`);
  await ask('a year by week', `/coverage?by=week&from=${addDays(today, -365)}`);
  await ask('ten years by month', '/coverage?by=month');
  await ask('freshness', '/freshness');
  await ask('first page of 10,000 tasks', '/tasks?limit=25');
  await ask('last page', '/tasks?limit=25&offset=9975');
  await ask('tasks of a type', '/tasks?limit=25&job_type=daily.backfill');
  await ask('tasks of a type that has none', '/tasks?limit=25&job_type=weekly.backfill');

  t.comment(`first load, nothing cached: ${await firstLoad(browser, api.url)}`);
  const { page } = await openPage(browser, api.url, { viewport: { width: 1280, height: 900 } });
  await page.goto(`${api.url}/system`);
  await connection(page, 'live');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const show = async (name: string, address: string, shown: Shown) =>
    t.comment(`${name}: ${await shownIn(page, session, address, shown)}`);
  const all = { of: '.heat-name', count: 164 };
  await show('heatmap, a year by day', '/coverage?every=yes', all);
  await show('heatmap, ten years by month', '/coverage?every=yes&span=all', all);
  await show('list of tasks', '/tasks', { of: '[data-task]', count: 25 });
  t.comment(`moving over the heatmap: ${await movingOver(page, session, '/coverage?every=yes', all)}`);
  t.pass('measured');
});

async function answerOf(api: Api, path: string): Promise<string> {
  const times: number[] = [];
  let text = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    const answer = await api.get(`/api/v1${path}`);
    if (answer.status !== 200) throw new Error(answer.text);
    times.push(answer.ms);
    text = answer.text;
  }
  return `${median(times).toFixed(0)} ms, ${kb(text.length)}, gzipped ${kb(zlib.gzipSync(text).length)}`;
}

/** Elements of which so many are there when a page is shown. */
interface Shown {
  of: string;
  count: number;
}
/** From an empty cache to the overview with its numbers in it. */
async function firstLoad(browser: Browser, url: string): Promise<string> {
  const walls: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { page } = await openPage(browser, url);
    const began = performance.now();
    await page.goto(url);
    await page.getByText(TASKS.toLocaleString('en')).first().waitFor();
    walls.push(performance.now() - began);
    await page.context().close();
  }
  return `${median(walls).toFixed(0)} ms`;
}

/** The policy of the page lets no text run in it, so what is waited for is an element. */
const lastOf = (page: Page, { of, count }: Shown) => page.locator(of).nth(count - 1);

/** Seconds that the page's main thread has worked so far. */
async function worked(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
}

/** From the click to the last row, with the answer of web in it; and how long the page worked for it. */
async function shownIn(page: Page, session: CDPSession, address: string, shown: Shown): Promise<string> {
  const [walls, works]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    await page.evaluate(`history.pushState(null, '', '/no-such-page')`);
    await lastOf(page, shown).waitFor({ state: 'detached' });
    const [before, began] = [await worked(session), performance.now()];
    await page.evaluate(`history.pushState(null, '', '${address}')`);
    await lastOf(page, shown).waitFor();
    walls.push(performance.now() - began);
    works.push(((await worked(session)) - before) * 1000);
  }
  return `${median(walls).toFixed(0)} ms, of which the page worked ${median(works).toFixed(0)} ms`;
}

async function movingOver(page: Page, session: CDPSession, address: string, shown: Shown): Promise<string> {
  const moves = 200;
  await page.evaluate(`history.pushState(null, '', '${address}')`);
  await lastOf(page, shown).waitFor();
  const before = await worked(session);
  for (let move = 0; move < moves; move += 1) await page.mouse.move(450 + move * 4, 480 + (move % 12) * 20);
  const each = (((await worked(session)) - before) * 1000) / moves;
  return `${each.toFixed(1)} ms of work a move`;
}
