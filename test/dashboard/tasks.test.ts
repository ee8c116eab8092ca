/** Tasks in a real browser: all that match at once, running again with edits, the runs of one; a list of 10,000. */
import type { Browser } from 'playwright-core';
import t, { type Test } from 'tap';
import { editsOf } from '../../src/dashboard/pages/tasks/retry-edits.ts';
import type { Queue } from '../../src/queue/queue.ts';
import type { Api } from '../support/api.ts';
import { connection, openPage } from '../support/browser.ts';
import { submit } from '../support/queue.ts';
import { seriousFaults } from './support/axe.ts';
import { startBare } from './support/bare.ts';

let api: Api;
let browser: Browser;
let queue: Queue;

t.before(async () => {
  ({ api, browser, queue } = await startBare(t));
});

async function pageAt(address: string) {
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(api.url + address);
  await connection(page, 'live');
  const close = async (t: Test) => {
    t.same(faults, [], 'no error, no violation of the policy, no other host');
    await page.context().close();
  };
  return { page, close };
}

t.test('all that wait are counted, then cancelled, in portions', async (t) => {
  const task = { dataset: 'noop', mode: 'full', job_type: 'noop.full', params: {}, priority: 1 } as const;
  const limits = { max_attempts: 1, timeout_seconds: 60 };
  await queue.submit(Array.from({ length: 700 }, () => ({ ...task, ...limits })));
  const other = await submit(queue, 'steady');
  const { page, close } = await pageAt('/tasks?job_type=noop.full');
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: 'Cancel all that wait' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('700 tasks match. Filter: noop.full').waitFor();
  t.equal((await queue.list({ status: 'cancelled', limit: 1 })).total, 0, 'it has only counted');
  await dialog.getByRole('button', { name: 'Do it to 700' }).click();
  await page.getByText('700 done.').waitFor();
  t.equal((await queue.list({ status: 'cancelled', limit: 1 })).total, 700);
  t.equal((await queue.get(other))?.status, 'pending', 'another type is left alone');
  await close(t);
});

t.test('a failed task: its runs, and running again with edits that the server checks', async (t) => {
  const id = await submit(queue, 'fails', { max_attempts: 2, params: { type: 'network' } });
  const outcome = { kind: 'retry', delay_ms: 0, error_type: 'network', error_message: 'refused' } as const;
  for (let run = 0; run < 2; run += 1) {
    const claimed = await queue.claim({ supervisor_id: 'sup-1', free: 9, lease_ms: 60_000 });
    const fence = claimed.find(({ task_id }) => task_id === id)?.fence ?? 0;
    await queue.finish([{ task_id: id, supervisor_id: 'sup-1', fence, outcome }]);
  }
  const { page, close } = await pageAt(`/tasks/${id}`);
  await page.locator('[data-run=retry]').getByText('failed, to be tried again').waitFor();
  t.match(
    await page.locator('[data-run=failed]').innerText(),
    /Attempt 2[\s\S]*failed[\s\S]*network[\s\S]*sup-1/,
  );

  await page.getByRole('button', { name: 'Edit and run again' }).click();
  const dialog = page.getByRole('dialog');
  const params = dialog.getByLabel('Parameters (JSON)');
  t.match(await params.inputValue(), /"type": "network"/);
  await dialog.getByText('Nothing is changed').waitFor();
  t.same(await seriousFaults(page), []);
  await params.fill('{"type": ');
  await dialog.getByText('This is no JSON object.').waitFor();
  t.ok(await dialog.getByRole('button', { name: 'Run again', exact: true }).isDisabled());
  await params.fill(JSON.stringify({ type: 'data_rejected' }));
  await dialog.getByLabel('Attempts at most').fill('5');
  await dialog.getByText('It runs again with another Parameters (JSON), Attempts at most.').waitFor();
  await dialog.getByRole('button', { name: 'Run again', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(id));
  const next = await queue.get(page.url().split('/').at(-1) as string);
  t.match(next, { retry_of: id, params: { type: 'data_rejected' }, max_attempts: 5, dataset: 'fails' });
  await close(t);
});

t.test('Ctrl+K: the beginning of an id, a dataset, a page; by keys alone', async (t) => {
  const id = await submit(queue, 'noop');
  const { page, close } = await pageAt('/');
  const search = page.getByPlaceholder('A page, a dataset, or the beginning of an id');
  const look = async (text: string) => {
    await page.keyboard.press('Control+K');
    await search.fill(text);
  };
  await look(id.slice(0, 6));
  await page.getByRole('dialog').getByText(id).waitFor();
  await page.getByText('Postgres does not answer').waitFor(); // this web has none
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/tasks/${id}`);
  await look('noop');
  await page.getByRole('dialog').getByText('noop', { exact: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/datasets/noop');
  await look('sched');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/schedules');
  await look('nothing is called so');
  await page.getByText('Nothing is named so.').waitFor();
  t.same(await seriousFaults(page), []);
  await close(t);
});

t.test('by keys alone: past the menu, into a dialog that holds the focus, out, and done', async (t) => {
  const id = await submit(queue, 'steady');
  const { page, close } = await pageAt(`/tasks/${id}`);
  const focused = page.locator(':focus');
  const tabTo = async (name: string) => {
    for (let at = 0; at < 12 && (await focused.innerText()) !== name; at += 1)
      await page.keyboard.press('Tab');
    t.equal(await focused.innerText(), name);
    const outline = await page.evaluate('getComputedStyle(document.activeElement).outline');
    t.match(outline, /solid/, `${name} shows that it has the focus`);
  };
  await page.keyboard.press('Tab');
  t.equal(await focused.innerText(), 'To the content');
  t.ok(((await focused.boundingBox())?.x ?? -1) >= 0, 'and can be seen');
  await page.keyboard.press('Enter');
  await tabTo('Cancel');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Cancel' });
  await dialog.getByRole('button', { name: 'No, leave it' }).and(focused).waitFor(); // a second Enter ends nothing
  t.same(await seriousFaults(page), []);
  for (let press = 0; press < 5; press += 1) {
    await page.keyboard.press('Tab');
    t.equal(await dialog.locator(':focus').count(), 1, 'the focus stays in the dialog');
  }
  await page.keyboard.press('Escape');
  await page.locator('main').getByRole('button', { name: 'Cancel' }).and(focused).waitFor();
  t.equal((await queue.get(id))?.status, 'pending');
  await page.keyboard.press('Enter');
  await dialog.waitFor();
  await tabTo('Cancel');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The task is cancelled.').waitFor();
  t.equal((await queue.get(id))?.status, 'cancelled');
  await close(t);
});

t.test('only what differs is sent', async (t) => {
  const old = { params: { a: 1 }, priority: 'low', max_attempts: 4, timeout_seconds: 60 } as const;
  const form = { params: '{"a":1}', priority: 'low', max_attempts: 4, timeout_seconds: 60 } as const;
  t.same(editsOf(old, form), {});
  t.same(editsOf(old, { ...form, params: '{"a":2}', priority: 'high' }), {
    params: { a: 2 },
    priority: 'high',
  });
  t.same(editsOf(old, { ...form, timeout_seconds: 90 }), { timeout_seconds: 90 });
});

t.test('10,000 tasks: a page of them, the last page, a filter', async (t) => {
  const task = { dataset: 'noop', mode: 'full', job_type: 'noop.full', params: {}, priority: 1 } as const;
  const limits = { max_attempts: 1, timeout_seconds: 60 };
  await queue.submit(Array.from({ length: 10_000 }, () => ({ ...task, ...limits })));
  const { page, close } = await pageAt('/tasks?status=pending');
  await page.locator('[data-task]').first().waitFor();
  t.equal(await page.locator('[data-task]').count(), 25, 'a page holds as many as before');
  await page.getByText(/^1–25 of 10,0/).waitFor();
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.getByText(/^26–50 of 10,0/).waitFor();
  await page.goto(`${api.url}/tasks?status=pending&offset=9975`);
  await page.getByText(/^9976–/).waitFor();
  await close(t);
});

t.test('tasks of one type: read back until a page is full or enough was looked through', async (t) => {
  const { page, close } = await pageAt('/tasks?job_type=fails.full');
  // behind the 10,000 of the test before stand the two of the first ones
  await page.getByText('0 found. 5,000 looked through, the newest first; there are older ones.').waitFor();
  const further = page.getByRole('button', { name: 'Search further back' });
  await further.click();
  await page.getByText(/^0 found. 10,000 looked/).waitFor();
  await further.click();
  await page.getByText(/^2 found. 10,7.. looked through, back to the oldest.$/).waitFor();
  t.equal(await page.locator('[data-task]').count(), 2);
  t.equal(await further.count(), 0);
  await page.goto(`${api.url}/tasks?status=failed`);
  await page.getByRole('textbox', { name: 'Dataset' }).fill('fails');
  await page.waitForURL(/status=failed&dataset=fails$/);
  await page.getByText('1 found. 1 looked through, back to the oldest.').waitFor();
  await page.getByLabel('Submitted on this day or later, in Shanghai').fill('2099-01-01');
  await page.getByText('0 found. 1 looked through, back to the oldest.').waitFor();
  await page.getByRole('button', { name: 'All that match' }).click();
  await page.getByRole('menuitem', { name: 'Run again all' }).click();
  await page.getByText('No task matches. Filter: Failed, fails, 2099-01-01 – …').waitFor();
  await page.goto(`${api.url}/tasks?offset=10000`);
  await page.getByRole('button', { name: 'Next page' }).click();
  await page.waitForURL(/cursor=/);
  await page.getByText(/^25 found. 25 looked/).waitFor();
  await further.click();
  await page.getByText(/^50 found/).waitFor();
  await close(t);
});
