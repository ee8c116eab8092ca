/** The overview in a real browser: what it counts it counts of all, or says of how many. */
import type { Browser } from 'playwright-core';
import t from 'tap';
import type { Queue } from '../../src/queue/queue.ts';
import type { Api } from '../support/api.ts';
import { connection, openPage } from '../support/browser.ts';
import { taskOf } from '../support/queue.ts';
import { startBare } from './support/bare.ts';

const KINDS = 8;
const EACH = 26;
let api: Api;
let browser: Browser;
let queue: Queue;

t.before(async () => {
  ({ api, browser, queue } = await startBare(t));
});

/** Tasks of some types that have all failed; one of a type runs at a time. */
async function failMany(): Promise<void> {
  const types = Array.from({ length: KINDS }, (_, n) => `kind${n}.full`);
  const tasks = types.flatMap((job_type) =>
    Array.from({ length: EACH }, () => taskOf('noop', { job_type, max_attempts: 1 })),
  );
  await queue.submit(tasks);
  const outcome = { kind: 'failed', error_type: 'network', error_message: 'refused' } as const;
  for (let left = tasks.length; left > 0; ) {
    const claimed = await queue.claim({ supervisor_id: 'sup-1', free: KINDS, lease_ms: 60_000 });
    if (claimed.length === 0) throw new Error(`${left} tasks can't be claimed`);
    left -= claimed.length;
    await queue.finish(
      claimed.map(({ task_id, fence }) => ({ task_id, supervisor_id: 'sup-1', fence, outcome })),
    );
  }
}

t.test('failures are grouped of the newest 200, and it says so; so many kinds more', async (t) => {
  await failMany();
  const { page, faults } = await openPage(browser, api.url);
  await page.goto(api.url);
  await connection(page, 'live');
  const failures = page.getByRole('region', { name: 'Failures, grouped' });
  await failures.getByText(`the newest 200 of ${KINDS * EACH} failed tasks`).waitFor();
  t.equal(await failures.getByText(/^\d+ ×$/).count(), 6);
  const more = failures.getByRole('link', { name: /^and 2 more kinds \(\d+ tasks\)$/ });
  t.equal(await more.getAttribute('href'), '/tasks?status=failed');

  const tile = (name: string) => page.locator('.tile', { hasText: name });
  t.equal(await tile('Waiting').getAttribute('href'), '/tasks?status=pending');
  await page.keyboard.press('Tab');
  await tile('Waiting').focus();
  const outline = await page.evaluate('getComputedStyle(document.activeElement).outline');
  t.match(outline, /solid/, 'who comes by keys sees where they are');
  t.equal(await tile('Delayed').count(), 0, 'no list of the tasks that are delayed alone');
  await page.getByText('Delayed', { exact: true }).waitFor();
  t.same(faults, []);
  await page.context().close();
});
